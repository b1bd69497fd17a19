"""When the next digest comes, and what waits for it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from punctual.domain.notification.kinds import KINDS
from punctual.domain.notification.rhythm import Rhythm
from punctual.domain.notification.schedule import AT_ONCE, Schedule

BERLIN = "Europe/Berlin"
ASSIGNED, DUE, TESTED = KINDS["task.assigned"], KINDS["task.due"], KINDS["notification.tested"]


def rhythm(every: str, at: str = "08:00", day: str = "mon", *, reminders: bool = False) -> Rhythm:
    return Rhythm.chosen({"every": every, "at": at, "day": day, "reminders": reminders})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("chosen", "zone", "now", "then"),
    [
        (rhythm("hour"), "UTC", "2026-11-22T10:00", "2026-11-22T11:00"),
        (rhythm("hour"), "UTC", "2026-11-22T10:59:59.999", "2026-11-22T11:00"),
        (rhythm("hour"), "Asia/Kathmandu", "2026-11-22T10:00", "2026-11-22T10:15"),
        (rhythm("hour"), BERLIN, "2026-03-29T00:30", "2026-03-29T01:00"),
        (rhythm("day"), "UTC", "2026-11-22T07:59", "2026-11-22T08:00"),
        (rhythm("day"), "UTC", "2026-11-22T08:00", "2026-11-23T08:00"),
        (rhythm("day"), "Pacific/Pago_Pago", "2026-11-22T18:59", "2026-11-22T19:00"),
        (rhythm("day"), "Pacific/Kiritimati", "2026-11-22T18:00", "2026-11-23T18:00"),
        (rhythm("day"), BERLIN, "2026-10-24T06:00", "2026-10-25T07:00"),
        (rhythm("day", "02:30"), BERLIN, "2026-03-28T12:00", "2026-03-29T01:30"),
        (rhythm("day", "02:30"), BERLIN, "2026-10-25T00:30", "2026-10-26T01:30"),
        (rhythm("week"), "UTC", "2026-11-22T12:00", "2026-11-23T08:00"),
        (rhythm("week"), "UTC", "2026-11-23T08:00", "2026-11-30T08:00"),
        (rhythm("week", day="sun"), "Pacific/Kiritimati", "2026-11-21T12:00", "2026-11-21T18:00"),
        (rhythm("week", day="fri"), "Pacific/Apia", "2011-12-25T00:00", "2011-12-30T18:00"),
    ],
)
def test_the_next_digest_comes_by_the_wall_clock(chosen: Rhythm, zone: str, now: str, then: str) -> None:
    assert chosen.next(utc(now), zone) == utc(then)


def test_reminders_and_tests_come_at_once_unless_they_are_wanted_in_the_digest() -> None:
    usual, all_of_it = Schedule(digest=rhythm("day")), Schedule(digest=rhythm("day", reminders=True))

    assert [usual.gathers(kind) for kind in (ASSIGNED, DUE, TESTED)] == [True, False, False]
    assert [all_of_it.gathers(kind) for kind in (ASSIGNED, DUE, TESTED)] == [True, True, True]
    assert usual.held(DUE, utc("2026-11-22T10:00"), BERLIN) is None
    assert not any(AT_ONCE.gathers(kind) for kind in KINDS.values())


def test_why_it_is_held_is_said_by_the_persons_own_clock() -> None:
    now = utc("2026-11-22T10:00")

    assert Schedule(digest=rhythm("day")).held(ASSIGNED, now, BERLIN) == (
        utc("2026-11-23T07:00"), "in the digest at 08:00",
    )  # fmt: skip
    assert Schedule(digest=rhythm("week", day="fri")).held(ASSIGNED, now, BERLIN) == (
        utc("2026-11-27T07:00"), "in the digest at Fri 08:00",
    )  # fmt: skip


@pytest.mark.parametrize(("now", "then"), [("2026-11-22T22:30", "08:00"), ("2026-11-22T12:30", "13:00")])
def test_a_digest_that_would_come_in_quiet_hours_waits_for_their_end(now: str, then: str) -> None:
    night: dict[str, Any] = {"from": "22:00", "to": "08:00", "days": ["sun"]}
    both = AT_ONCE.changed({"quiet_hours": night, "digest": rhythm("hour").shown()})

    held = both.held(ASSIGNED, utc(now), "UTC")

    assert held
    assert held[1] == f"in the digest at {then}"


def test_what_is_chosen_is_told_again() -> None:
    given = {"every": "week", "at": "17:45", "day": "thu", "reminders": True}

    assert AT_ONCE.changed({"digest": given}).shown() == {"quiet_hours": None, "digest": given}
    assert AT_ONCE.changed({"digest": given}).changed({"digest": None}) == AT_ONCE
