"""Administration: health, people, deliveries, dead letters."""

import pytest
from dramatiq import Message

from punctual.kit import ids, wire
from punctual.kit.settings import SERVICES
from tests.http.dashboard.conftest import Browser, Site
from tests.support.accounts import PASSWORD, execute, rows
from tests.support.services import eventually

PEOPLE, DELIVERIES = "/administration/people", "/administration/deliveries"
LETTERS = "/administration/dead-letters"
NO_LETTER = f"{LETTERS}/task/0190b6a0-0000-7000-8000-000000000001"


@pytest.fixture
async def root(site: Site) -> Browser:
    """An administrator."""
    browser = await (await site.browser()).register(display_name="Root")
    # Straight in the database: whoever registers first, and so is one, depends on the order of the tests.
    execute("UPDATE account SET role = 'admin' WHERE email = %s", (browser.email,), "auth")

    async def known() -> bool:
        return bool(rows("SELECT 1 FROM profile WHERE email = %s", (browser.email,), "user"))

    await eventually(known)
    execute("UPDATE profile SET role = 'admin' WHERE email = %s", (browser.email,), "user")
    await browser.fill("/projects", "/sign-out")
    await browser.fill("/sign-in", email=browser.email, password=PASSWORD)
    return browser


@pytest.mark.parametrize("path", ["/administration", PEOPLE, DELIVERIES, LETTERS, NO_LETTER])
async def test_administration_is_for_administrators(root: Browser, ada: Browser, path: str):
    seen = await ada.get(path)

    assert seen.status == 403
    assert "Only an administrator" in seen.text


async def test_health_tells_of_every_service_and_queue(root: Browser):
    seen = await root.get("/administration")

    assert seen.status == 200
    for service in SERVICES:
        assert f"{service.capitalize()} " in seen.text
        assert f"{service}.events" in seen.text


async def test_a_service_that_is_away_is_named_while_the_rest_is_shown(site: Site, root: Browser):
    away = await site.start(project="http://127.0.0.1:9")
    browser = await site.browser(away, root.cookies())

    seen = await browser.get("/administration")

    assert seen.status == 200
    assert "The project service can't be reached right now." in seen.text
    assert "task.events" in seen.text


async def test_somebody_becomes_an_administrator_and_not_one_again(root: Browser, ada: Browser):
    ada_id = rows("SELECT id FROM account WHERE email = %s", (ada.email,))[0]["id"]
    page = f"{PEOPLE}?q={ada.email}"

    made = await root.fill(page, f"{PEOPLE}/{ada_id}/administration", next=page)
    after = await root.get(page)
    await root.fill(page, f"{PEOPLE}/{ada_id}/administration", next=page, undo="1")
    again = await root.get(page)

    assert (made.status, made.location) == (303, page)
    assert "They are an administrator now." in after.text
    assert "Take the role away" in after.text
    assert "Make administrator" in again.text


async def test_whoever_is_deactivated_is_out_and_comes_in_again(root: Browser, ada: Browser):
    ada_id = rows("SELECT id FROM account WHERE email = %s", (ada.email,))[0]["id"]
    page = f"{PEOPLE}?q={ada.email}"

    done = await root.fill(page, f"{PEOPLE}/{ada_id}/deactivation", next=page)

    async def is_out() -> bool:
        return (await ada.get("/projects")).status == 303

    assert done.status == 303
    await eventually(is_out)
    assert ada.email not in (await root.get(page)).text
    assert "Let in again" in (await root.get(page + "&active=false")).text
    await root.fill(page, f"{PEOPLE}/{ada_id}/deactivation", next=page, undo="1")

    async def comes_in() -> bool:
        return (await ada.fill("/sign-in", email=ada.email, password=PASSWORD)).status == 303

    await eventually(comes_in)


async def test_people_may_not_be_changed_by_others(ada: Browser):
    seen = await ada.fill("/projects", f"{PEOPLE}/{ids.uuid7()}/deactivation")

    assert seen.status == 403


async def test_deliveries_are_found_by_person_and_state(root: Browser, ada: Browser):
    await ada.fill("/settings/notifications", "/settings/notifications/tests")

    async def told() -> bool:
        return "A test notification" in (await root.get(f"{DELIVERIES}?person={ada.email}&state=sent")).text

    await eventually(told)
    by_channel = await root.get(f"{DELIVERIES}?person={ada.email}&channel=in_app")
    failed = await root.get(f"{DELIVERIES}?person={ada.email}&state=failed")
    nobody = await root.get(f"{DELIVERIES}?person=nobody-of-this-name")

    assert "Inbox ·" in by_channel.text
    assert "E-mail ·" not in by_channel.text
    assert "Nothing was sent that fits" in failed.text
    assert "Nobody of that name" in nobody.text


async def test_of_several_people_one_is_chosen(site: Site, root: Browser):
    name = "Zora" + ids.uuid7().hex[-6:]
    for _ in range(2):
        await (await site.browser()).register(display_name=name)

    async def both() -> bool:
        return (await root.get(f"{DELIVERIES}?person={name}")).text.count(f"{name} ") >= 2

    await eventually(both)
    assert "Which one?" in (await root.get(f"{DELIVERIES}?person={name}")).text


async def test_a_dead_letter_is_read_with_its_cause(root: Browser):
    letter = a_letter()

    listed = await root.get(f"{LETTERS}?service=project")
    read = await root.get(f"{LETTERS}/project/{letter}")

    assert letter in listed.html
    assert "ZeroDivisionError: no way" in listed.text
    assert "Traceback" in read.text
    assert "&lt;script&gt;" in read.html


async def test_dead_letters_are_sent_again_and_discarded(root: Browser):
    again, gone = a_letter(), a_letter()

    sent = await root.fill(LETTERS, action="replay", letter=f"project/{again}")
    said = await root.get(LETTERS)
    await root.fill(LETTERS, action="discard", letter=f"project/{gone}")
    last = await root.fill(LETTERS, action="discard", letter=f"project/{gone}")

    assert sent.status == 303
    assert "1 sent again." in said.text
    assert last.status == 303
    assert "1 was gone already." in (await root.get(LETTERS)).text
    assert rows("SELECT id FROM dead_letter WHERE id IN (%s, %s)", (again, gone), "project") == []


async def test_nothing_is_done_to_letters_when_none_was_chosen(root: Browser):
    await root.fill(LETTERS, action="discard")

    assert "Nothing was chosen" in (await root.get(LETTERS)).text
    assert (await root.fill(LETTERS, action="discard", letter="elsewhere/1")).status == 404
    assert (await root.get(LETTERS + "?service=elsewhere")).status == 404


def a_letter() -> str:
    """A dead letter of the project service: a command that would be rejected, as there is no such project."""
    options = {"operation_id": str(ids.uuid7()), "caller": {"id": str(ids.uuid7()), "role": "user"}, "fingerprint": "f"}
    body = {"project": "NOPE", "archived": True}
    message = Message("project", "project.archive", (), body, options, message_id=str(ids.uuid7()))
    execute(
        "INSERT INTO dead_letter (id, queue, actor, message, body, error, attempts, died_at)"
        " VALUES (%s, 'project', 'project.archive', %s, %s, %s, 4, now())",
        (
            message.message_id,
            wire.dumps({"kwargs": {"project": "<script>"}}).decode(),
            message.encode(),
            "Traceback (most recent call last):\nZeroDivisionError: no way",
        ),
        "project",
    )
    return message.message_id
