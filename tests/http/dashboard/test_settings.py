"""Settings: profile, password and sessions, reminders, notifications."""

import re

import pytest

from punctual.domain.notification import Unsubscription
from tests.http.dashboard.conftest import Browser, Site
from tests.http.dashboard.test_forms import a_key
from tests.support.accounts import PASSWORD
from tests.support.services import eventually
from tests.support.team import rows

SECURITY, REMINDERS = "/settings/security", "/settings/reminders"
NOTIFICATIONS = "/settings/notifications"
PROFILE = {"display_name": "Ada", "time_zone": "UTC", "locale": "en"}


async def test_a_profile_is_changed_and_shows_at_once(ada: Browser):
    done = await ada.fill("/settings", **{**PROFILE, "display_name": "Ada Lovelace", "time_zone": "Asia/Kolkata"})
    seen = await ada.get("/settings")

    assert (done.status, done.location) == (303, "/settings")
    assert "Your profile is saved." in seen.text
    assert 'aria-label="AL, account of Ada Lovelace"' in seen.html
    assert '<option value="Asia/Kolkata" selected>' in seen.html


async def test_dates_are_written_as_the_locale_has_it(ada: Browser):
    await ada.fill("/settings", **{**PROFILE, "locale": "de-AT"})

    assert re.search(r"as it is saved: \w+tag, \d+\. \w+ \d{4}", (await ada.get("/settings")).text)


async def test_a_locale_and_a_zone_chosen_elsewhere_stay_choices(ada: Browser):
    await ada.fill("/settings", **{**PROFILE, "locale": "gsw-CH"})

    assert '<option value="gsw-CH" selected>' in (await ada.get("/settings")).html


async def test_what_is_wrong_with_a_profile_stands_at_the_field_with_what_was_typed(ada: Browser):
    seen = await ada.fill("/settings", **{**PROFILE, "display_name": "x" * 101})

    assert seen.status == 422
    assert 'id="display_name-error"' in seen.html
    assert "x" * 101 in seen.html


async def test_the_confirmation_is_sent_again(ada: Browser):
    seen = await ada.fill("/settings", "/settings/email-verifications")

    assert (seen.status, seen.location) == (303, "/settings")


async def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(site: Site, ada: Browser):
    other = await site.browser()
    await other.fill("/sign-in", email=ada.email, password=PASSWORD)
    new = "another horse, another battery"

    wrong = await ada.fill(SECURITY, current_password="not this one", new_password=new)
    done = await ada.fill(SECURITY, current_password=PASSWORD, new_password=new)

    assert wrong.status in (403, 422)
    assert 'id="current_password-error"' in wrong.html
    assert (done.status, done.location) == (303, SECURITY)
    assert (await ada.get(SECURITY)).status == 200

    async def is_out() -> bool:
        return (await other.get("/projects")).status == 303

    await eventually(is_out)


async def test_sessions_show_where_one_is_signed_in_and_end_one_by_one(site: Site, ada: Browser):
    other = await site.browser()
    other.client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    await other.fill("/sign-in", email=ada.email, password=PASSWORD)

    before = await ada.get(SECURITY)
    done = await ada.fill(SECURITY, SECURITY + "/sessions", session=before.hidden("session"))
    after = await ada.get(SECURITY)

    assert "Firefox on Linux" in before.text
    assert "this one" in before.text
    assert done.status == 303
    assert "That session has ended." in after.text
    assert "Firefox on Linux" not in after.text


async def test_all_other_sessions_end_at_once(site: Site, ada: Browser):
    for _ in range(2):
        await (await site.browser()).fill("/sign-in", email=ada.email, password=PASSWORD)

    before = await ada.get(SECURITY)
    await ada.fill(SECURITY, SECURITY + "/sessions", session="others")
    after = await ada.get(SECURITY)

    assert before.html.count('name="session"') == 3
    assert after.html.count('name="session"') == 0


async def test_reminder_rules_are_told_in_plain_words(ada: Browser):
    seen = await ada.get(REMINDERS)

    assert "the usual times" in seen.text
    for words in ("1 day before the deadline", "1 hour before", "At the deadline", "3 days after it, if still open"):
        assert words in seen.text


async def test_a_rule_is_added_and_removed_and_the_usual_ones_come_back(ada: Browser):
    added = await ada.fill(REMINDERS, amount="2", unit="weeks", side="before")
    with_it = await ada.get(REMINDERS)
    await ada.fill(REMINDERS, remove="-P14D")
    without = await ada.get(REMINDERS)
    await ada.fill(REMINDERS, defaults="1")
    usual = await ada.get(REMINDERS)

    assert added.status == 303
    assert "14 days before the deadline Remove" in with_it.text
    assert "14 days before the deadline Remove" not in without.text
    assert "1 day before the deadline" in without.text
    assert "the usual times" in usual.text


@pytest.mark.parametrize("amount", ["", "two", "-3", "1.5", "9" * 9, "400"])
async def test_an_amount_that_is_no_rule_is_refused_where_it_was_typed(ada: Browser, amount: str):
    seen = await ada.fill(REMINDERS, amount=amount, unit="days", side="before")

    assert seen.status == 422
    assert 'id="amount-error"' in seen.html
    assert f'value="{amount}"' in seen.html


async def test_the_same_rule_twice_is_refused(ada: Browser):
    seen = await ada.fill(REMINDERS, amount="1", unit="days", side="before")

    assert seen.status == 422
    assert "twice" in seen.text


async def test_preferences_are_a_table_of_kinds_and_channels(ada: Browser):
    before = await ada.get(NOTIFICATIONS)
    done = await ada.fill(NOTIFICATIONS, in_app="task.due", email="task.completed")
    after = await ada.get(NOTIFICATIONS)
    await ada.fill(NOTIFICATIONS, defaults="1")
    usual = await ada.get(NOTIFICATIONS)

    assert checked(before, "in_app") > 20
    assert done.status == 303
    assert (checked(after, "in_app"), checked(after, "email")) == (1, 1)
    assert checked(usual, "in_app") == checked(before, "in_app")
    assert "task." not in before.text


TIMES = NOTIFICATIONS + "/times"
NIGHT = {"quiet": "1", "quiet_from": "22:30", "quiet_to": "06:15", "quiet_days": "fri"}


async def test_quiet_hours_are_chosen_shown_and_ended_and_leave_the_table_alone(ada: Browser):
    await ada.fill(NOTIFICATIONS, in_app="task.due", email="task.completed")

    before = await ada.get(NOTIFICATIONS)
    done = await ada.fill(NOTIFICATIONS, TIMES, **NIGHT)
    chosen = await ada.get(NOTIFICATIONS)
    await ada.fill(NOTIFICATIONS, TIMES, **{**NIGHT, "quiet": ""})
    ended = await ada.get(NOTIFICATIONS)

    assert not re.search('name="quiet" value="1" checked', before.html)
    assert (done.status, done.location) == (303, NOTIFICATIONS)
    assert re.search('name="quiet" value="1" checked', chosen.html)
    assert (chosen.hidden("quiet_from"), chosen.hidden("quiet_to")) == ("22:30", "06:15")
    assert re.findall(r'name="quiet_days" value="(\w+)" checked', chosen.html) == ["fri"]
    assert (checked(chosen, "in_app"), checked(chosen, "email")) == (1, 1)
    assert not re.search('name="quiet" value="1" checked', ended.html)


async def test_a_digest_is_chosen_and_shown_and_ended(ada: Browser):
    weekly = {"every": "week", "at": "17:45", "day": "fri", "reminders": "1"}

    before = await ada.get(NOTIFICATIONS)
    done = await ada.fill(NOTIFICATIONS, TIMES, **weekly)
    chosen = await ada.get(NOTIFICATIONS)
    await ada.fill(NOTIFICATIONS, TIMES, **{**weekly, "every": ""})
    ended = await ada.get(NOTIFICATIONS)

    assert '<option value="" selected>Each at once' in before.html
    assert done.status == 303
    assert '<option value="week" selected>' in chosen.html
    assert '<option value="fri" selected>Friday' in chosen.html
    assert chosen.hidden("at") == "17:45"
    assert 'name="reminders" value="1" checked' in chosen.html
    assert '<option value="" selected>Each at once' in ended.html


async def test_a_digest_without_a_time_is_refused_with_what_was_typed(ada: Browser):
    seen = await ada.fill(NOTIFICATIONS, TIMES, every="day", at="", day="mon")

    assert seen.status == 422
    assert 'id="digest-error"' in seen.html
    assert '<option value="day" selected>' in seen.html


@pytest.mark.parametrize(
    "wrong", [{"quiet_from": ""}, {"quiet_to": "25:00"}, {"quiet_days": "noday"}, {"quiet_days": ""}]
)
async def test_quiet_hours_that_cannot_be_are_refused_with_what_was_typed(ada: Browser, wrong: dict[str, str]):
    seen = await ada.fill(NOTIFICATIONS, TIMES, **{**NIGHT, **wrong})

    assert seen.status == 422
    assert 'id="quiet_hours-error"' in seen.html
    assert seen.hidden("quiet_from") == {**NIGHT, **wrong}["quiet_from"]
    assert checked(seen, "in_app") > 20


async def test_a_test_notification_shows_every_hop(ada: Browser):
    begun = await ada.fill(NOTIFICATIONS, NOTIFICATIONS + "/tests")

    async def told() -> bool:
        seen = await ada.get(begun.location)
        return "The notification is in your inbox." in seen.text

    assert begun.location.startswith(NOTIFICATIONS + "/tests/")
    await eventually(told)
    seen = await ada.get(begun.location)
    for hop in ("Accepted", "Queued", "Inbox", "Mail worker", "SMTP", "Delivered"):
        assert hop in seen.text
    assert re.search(r"\d\d:\d\d:\d\d\.\d{3}", seen.text)


async def test_somebody_elses_test_is_not_there(site: Site, ada: Browser):
    begun = await ada.fill(NOTIFICATIONS, NOTIFICATIONS + "/tests")
    bob = await (await site.browser()).register()

    assert (await bob.get(begun.location)).status == 404


async def test_the_palette_finds_projects(ada: Browser):
    await ada.fill("/projects/new", name="Zeppelin", key=a_key())

    async def found() -> bool:
        return "<span>Zeppelin</span>" in (await ada.get("/palette?q=zepp")).html

    await eventually(found)


def checked(seen, channel: str) -> int:
    """How many kinds are on for a channel."""
    return len(re.findall(rf'name="{channel}" value="[^"]*" checked', seen.html))


async def test_the_link_in_an_e_mail_asks_first_then_switches_that_kind_off_for_whoever_it_was_sent_to(
    site: Site, ada: Browser
):
    link = await an_unsubscription(ada)
    stranger = await site.browser()

    asked = await stranger.get(link)
    before = await ada.get(NOTIFICATIONS)
    pressed = await stranger.fill(link)
    after = await stranger.get(link)
    seen = await ada.get(NOTIFICATIONS)

    assert (asked.status, pressed.status, pressed.location) == (200, 303, link)
    assert "A comment on a task" in asked.text
    assert "Stop these e-mails" in asked.text
    assert "These e-mails don't come any more" in after.text
    assert re.search(r'id="email-task.commented"[^>]* checked', before.html)
    assert not re.search(r'id="email-task.commented"[^>]* checked', seen.html)


async def test_a_link_that_was_cut_off_says_so(site: Site):
    seen = await (await site.browser()).get("/unsubscriptions/abc")

    assert seen.status == 404
    assert "perhaps it was cut off" in seen.text


async def an_unsubscription(browser: Browser) -> str:
    """The address in an e-mail to whoever is signed in."""
    [person] = rows("auth", "SELECT id FROM account WHERE email = %s", (browser.email,))
    [key] = rows("notification", "SELECT number, secret FROM unsubscription_key")
    link = Unsubscription.signed(person["id"], "task.commented", key["number"], bytes(key["secret"]))
    return f"/unsubscriptions/{link.token}"
