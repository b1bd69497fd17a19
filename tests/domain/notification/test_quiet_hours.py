"""Quiet hours by the clock on the wall, in every zone and over every change of the clocks."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as some

from punctual.domain.notification.kinds import KINDS
from punctual.domain.notification.quiet_hours import DAYS, NeverEnding, QuietHours, clock
from punctual.domain.notification.schedule import AT_ONCE, Schedule

ASSIGNED = KINDS["task.assigned"]
WORKING_DAYS = list(DAYS[:5])
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def quiet(begins: str = "22:00", ends: str = "08:00", days: Any = DAYS) -> QuietHours:
    return QuietHours.chosen({"from": begins, "to": ends, "days": days})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        (quiet(), "2026-11-22T21:59:59", None),
        (quiet(), "2026-11-22T22:00", "2026-11-23T08:00"),
        (quiet(), "2026-11-23T00:00", "2026-11-23T08:00"),
        (quiet(), "2026-11-23T07:59:59.999999", "2026-11-23T08:00"),
        (quiet(), "2026-11-23T08:00", None),
        (quiet("12:00", "13:30"), "2026-11-23T11:59", None),
        (quiet("12:00", "13:30"), "2026-11-23T12:30", "2026-11-23T13:30"),
        (quiet("12:00", "13:30"), "2026-11-23T13:30", None),
        # They belong to the day on which they begin: Sunday's night is quiet, Friday's isn't.
        (quiet(days=["sun"]), "2026-11-23T03:00", "2026-11-23T08:00"),
        (quiet(days=WORKING_DAYS), "2026-11-22T23:00", None),
        (quiet(days=WORKING_DAYS), "2026-11-28T03:00", "2026-11-28T08:00"),
        (quiet(days=WORKING_DAYS), "2026-11-29T03:00", None),
        # A whole day, and whole days in a row, which are one quiet time.
        (quiet("00:00", "00:00", ["sun"]), "2026-11-22T15:00", "2026-11-23T00:00"),
        (quiet("00:00", "00:00", ["sat", "sun"]), "2026-11-21T00:00", "2026-11-23T00:00"),
        (quiet("18:00", "18:00", ["fri", "sat", "sun"]), "2026-11-20T18:00", "2026-11-23T18:00"),
        (quiet("18:00", "18:00", DAYS[1:]), "2026-11-24T18:00", "2026-11-30T18:00"),
    ],
)
@pytest.mark.parametrize(
    "zone", ["UTC", "Pacific/Pago_Pago", "Pacific/Kiritimati", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns"]
)
def test_they_begin_and_end_by_the_wall_clock_of_every_zone(
    hours: QuietHours, now: str, end: str | None, zone: str
) -> None:
    assert hours.end(local(now, zone), zone) == (local(end, zone) if end else None)


@pytest.mark.parametrize(
    ("zone", "hours", "now", "end"),
    [
        # The clocks are put forward at 2:00: the night is an hour shorter; back at 3:00: an hour longer.
        (BERLIN, quiet(), "2026-03-28T21:00", "2026-03-29T06:00"),
        (BERLIN, quiet(), "2026-10-24T20:00", "2026-10-25T07:00"),
        (NEW_YORK, quiet(), "2026-03-08T04:00", "2026-03-08T12:00"),
        (NEW_YORK, quiet(), "2026-11-01T03:00", "2026-11-01T13:00"),
        # An end that the clock leaves out comes as much later as it was moved.
        (BERLIN, quiet("22:00", "02:30"), "2026-03-29T00:00", "2026-03-29T01:30"),
        (BERLIN, quiet("22:00", "02:30"), "2026-03-29T01:30", None),
        # A time that comes twice is the first one.
        (BERLIN, quiet("22:00", "02:30"), "2026-10-25T00:29", "2026-10-25T00:30"),
        (BERLIN, quiet("22:00", "02:30"), "2026-10-25T01:00", None),
        (BERLIN, quiet("02:30", "08:00"), "2026-10-25T00:15", None),
        (BERLIN, quiet("02:30", "08:00"), "2026-10-25T00:45", "2026-10-25T07:00"),
        (BERLIN, quiet("02:30", "08:00"), "2026-10-25T01:15", "2026-10-25T07:00"),
        # Half an hour, at midnight, and a whole day that never was.
        ("Australia/Lord_Howe", quiet(), "2026-10-03T13:00", "2026-10-03T21:00"),
        ("America/Santiago", quiet("23:00", "00:30"), "2026-09-06T03:30", "2026-09-06T04:30"),
        ("Pacific/Apia", quiet(), "2011-12-30T09:00", "2011-12-30T18:00"),
    ],
)
def test_they_hold_over_every_change_of_the_clocks(zone: str, hours: QuietHours, now: str, end: str | None) -> None:
    assert hours.end(utc(now), zone) == (utc(end) if end else None)


@given(
    some.sampled_from([BERLIN, NEW_YORK, "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza"]),
    some.datetimes(utc("2010-01-01").replace(tzinfo=None), utc("2030-01-01").replace(tzinfo=None)),
    some.times(),
    some.times(),
    some.sets(some.integers(0, 6), max_size=6),
)
def test_the_end_is_ahead_and_not_quiet_itself(
    zone: str, now: datetime, begins: Any, ends: Any, days: set[int]
) -> None:
    hours = QuietHours(begins, ends, frozenset(days))
    end = hours.end(now.replace(tzinfo=UTC), zone)

    if end:
        assert now.replace(tzinfo=UTC) < end <= now.replace(tzinfo=UTC) + timedelta(days=8)
        assert hours.end(end, zone) is None


def test_hours_that_never_end_are_refused() -> None:
    with pytest.raises(NeverEnding, match="another end"):
        quiet("09:00", "09:00")


def test_a_night_that_is_chosen_is_told_again_as_it_was_chosen() -> None:
    given = {"from": "22:30", "to": "07:05", "days": ["mon", "sun"]}

    assert AT_ONCE.changed({"quiet_hours": given}).shown()["quiet_hours"] == given
    assert AT_ONCE.changed({"quiet_hours": given}).changed({"quiet_hours": None}) == AT_ONCE
    assert AT_ONCE.changed({"quiet_hours": given}).changed({}).quiet == QuietHours.chosen(given)


def test_why_it_is_held_is_said_by_the_persons_own_clock() -> None:
    night, weekend = Schedule(quiet()), Schedule(quiet("20:00", "20:00", ["fri", "sat"]))

    assert night.held(ASSIGNED, utc("2026-11-22T22:00"), BERLIN) == (
        utc("2026-11-23T07:00"),
        "quiet hours until 08:00",
    )
    assert weekend.held(ASSIGNED, utc("2026-11-20T19:30"), BERLIN) == (
        utc("2026-11-22T19:00"),
        "quiet hours until Sun 20:00",
    )
    assert AT_ONCE.held(ASSIGNED, utc("2026-11-22T22:00"), BERLIN) is None


def test_a_moment_within_a_day_needs_no_name_of_the_day() -> None:
    now = utc("2026-11-22T08:00")

    assert clock(now + timedelta(days=1), now, "UTC") == "08:00"
    assert clock(now + timedelta(days=1, minutes=1), now, "UTC") == "Mon 08:01"
