"""E-mails in quiet hours are held, and go once when the hours are over; the inbox has everything at once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from punctual.actors.notification import holding, resending
from punctual.kit.mail import MemoryMailer, TemporaryMailFailure
from punctual.schemas import events
from tests.actors.notification.scene import a_reminder, a_team, deliveries, happened, inbox, settled
from tests.actors.notification.test_sending import assigned, set_stored, stored
from tests.http.notification.test_preferences import PATH, item
from tests.support.services import Person, Services, eventually
from tests.support.team import execute, now, profile

HOUR = timedelta(hours=1)


def around_now(before: timedelta = HOUR, after: timedelta = HOUR) -> dict[str, Any]:
    """Quiet hours that hold at present, in UTC."""
    return {"from": f"{now() - before:%H:%M}", "to": f"{now() + after:%H:%M}"}


async def choose(person: Person, quiet: dict[str, Any] | None, *items: dict[str, Any]) -> dict[str, Any]:
    answer = await person.request("notification", "PUT", PATH, {"items": list(items), "quiet_hours": quiet})
    assert answer.status == 200, answer
    body: dict[str, Any] = answer.body
    return body


def pass_the_night(person: Person) -> None:
    """What time would do: the hours are over, and what waited for their end is due."""
    execute("notification", "UPDATE mail_schedule SET quiet_days = '{}' WHERE user_id = %s", (person.id,))
    set_stored(person, next_attempt_at=now() - timedelta(seconds=1))


async def test_in_quiet_hours_the_inbox_has_it_at_once_and_the_e_mail_waits_and_says_until_when(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    hours = around_now()
    await choose(crew.member, hours)

    await assigned(services, crew)
    holding.release.send()
    resending.resend.send()
    await asyncio.sleep(0.3)

    assert len(inbox(crew.member)) == 1
    assert deliveries(crew.member) == {
        "in_app": ("sent", None),
        "email": ("held", f"quiet hours until {hours['to']}"),
    }
    assert f"{stored(crew.member)['next_attempt_at']:%H:%M}" == hours["to"]
    assert mails.sent == []


async def test_the_reason_is_told_by_the_persons_own_clock(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services, member="Asia/Kathmandu")
    ahead = timedelta(hours=5, minutes=45)
    hours = around_now(HOUR - ahead, HOUR + ahead)
    await choose(crew.member, hours)

    await assigned(services, crew)

    assert deliveries(crew.member)["email"] == ("held", f"quiet hours until {hours['to']}")
    assert timedelta(minutes=58) < stored(crew.member)["next_attempt_at"] - now() <= HOUR


async def test_when_they_are_over_the_e_mail_goes_once_however_many_ticks_come(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    await choose(crew.member, around_now())
    await assigned(services, crew)

    pass_the_night(crew.member)
    for _ in range(4):
        holding.release.send()
    await settled(crew.member, "sent")
    holding.release.send()
    await asyncio.sleep(0.2)

    assert len(mails.sent) == 1
    assert (stored(crew.member)["attempts"], stored(crew.member)["reason"]) == (1, None)


async def test_what_is_released_too_early_is_held_again(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    hours = around_now()
    await choose(crew.member, hours)
    await assigned(services, crew)

    set_stored(crew.member, next_attempt_at=now() - timedelta(seconds=1))
    holding.release.send()
    await eventually(lambda: _held_after(crew.member, attempts=1))

    assert deliveries(crew.member)["email"] == ("held", f"quiet hours until {hours['to']}")
    assert mails.sent == []


async def _held_after(person: Person, attempts: int) -> bool:
    row = stored(person)
    return bool(row["attempts"] == attempts and row["state"] == "held")


async def test_another_attempt_that_falls_into_quiet_hours_waits_for_their_end(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    mails.failure = TemporaryMailFailure("SMTP 421 busy")
    await assigned(services, crew)
    await eventually(lambda: _waits(crew.member))
    mails.failure = None
    hours = around_now()
    await choose(crew.member, hours)

    set_stored(crew.member, next_attempt_at=now() - timedelta(seconds=10))
    resending.resend.send()

    assert await settled(crew.member, "held") == ("held", f"quiet hours until {hours['to']}")
    assert mails.sent == []


async def _waits(person: Person) -> bool:
    row = stored(person)
    return bool(row["attempts"] == 1 and row["state"] == "queued")


async def test_without_quiet_hours_any_more_what_was_held_goes_at_once(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    await choose(crew.member, around_now())
    await assigned(services, crew)

    await choose(crew.member, None)
    await settled(crew.member, "sent")

    assert len(mails.sent) == 1


async def test_other_quiet_hours_hold_what_is_held_until_another_time(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    await choose(crew.member, around_now())
    await assigned(services, crew)
    later = around_now(after=3 * HOUR)

    await choose(crew.member, later)

    assert deliveries(crew.member)["email"] == ("held", f"quiet hours until {later['to']}")
    assert timedelta(minutes=178) < stored(crew.member)["next_attempt_at"] - now() <= 3 * HOUR
    assert mails.sent == []


async def test_who_moves_to_another_zone_has_the_hours_of_its_clock(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    await choose(crew.member, around_now())
    await assigned(services, crew)
    moved = {**events.USER_UPDATED.example, **profile(crew.member, "member"), "time_zone": "Asia/Tokyo"}

    await happened(services, events.USER_UPDATED, moved, version=2)
    await settled(crew.member, "sent")

    assert len(mails.sent) == 1


async def test_what_was_muted_meanwhile_never_goes(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    await choose(crew.member, around_now())
    await assigned(services, crew)
    await choose(crew.member, around_now(), item("task.assigned", email=False))

    pass_the_night(crew.member)
    holding.release.send()

    assert await settled(crew.member, "suppressed") == ("suppressed", "muted")
    assert mails.sent == []


async def test_others_are_not_held_up_and_a_day_that_is_not_named_is_not_quiet(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    tomorrow = (now() + timedelta(days=2)).strftime("%a").lower()
    await choose(crew.member, around_now())
    await choose(crew.admin, {**around_now(), "days": [tomorrow]})

    for person in (crew.member, crew.admin, crew.viewer):
        await happened(services, events.TASK_DUE, a_reminder(crew, person))
    for person in (crew.admin, crew.viewer):
        await settled(person, "sent")

    assert deliveries(crew.member)["email"][0] == "held"
    assert len(mails.sent) == 2


async def test_a_morning_with_more_than_one_batch_is_released_batch_by_batch(
    services: Services, mails: MemoryMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "RELEASED_AT_ONCE", 2)
    crew = await a_team(services)
    people = list(crew.people.values())[:5]
    for person in people:
        await choose(person, around_now())
        await happened(services, events.TASK_DUE, a_reminder(crew, person))
        pass_the_night(person)

    holding.release.send()
    for person in people:
        await settled(person, "sent")

    assert len(mails.sent) == len(people)
