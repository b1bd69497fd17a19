"""When a day ends in a zone, and the same wall time days away."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from punctual.domain.task.zones import end_of_day, same_wall_time, zone_named
from tests.domain.task import strategies as some

SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("UTC", date(2026, 12, 24), "2026-12-25T00:00:00Z"),
        ("Pacific/Pago_Pago", date(2026, 12, 24), "2026-12-25T11:00:00Z"),
        ("Pacific/Kiritimati", date(2026, 12, 24), "2026-12-24T10:00:00Z"),
        ("Asia/Kathmandu", date(2026, 12, 24), "2026-12-24T18:15:00Z"),
        ("Europe/Berlin", date(2028, 2, 28), "2028-02-28T23:00:00Z"),
        ("Europe/Berlin", date(2028, 2, 29), "2028-02-29T23:00:00Z"),
    ],
)
def test_a_day_ends_at_the_next_local_midnight(zone: str, day: date, end: str) -> None:
    assert end_of_day(day, zone_named(zone)) == at(end)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)],
)
def test_a_day_of_a_clock_change_is_shorter_or_longer(day: date, hours: int) -> None:
    berlin = zone_named("Europe/Berlin")

    length = end_of_day(day, berlin) - end_of_day(day - timedelta(days=1), berlin)

    assert length == timedelta(hours=hours)


def test_a_day_whose_midnight_is_skipped_ends_at_the_skip() -> None:
    assert end_of_day(date(2018, 11, 3), zone_named("America/Sao_Paulo")) == at("2018-11-04T03:00:00Z")


def test_a_day_whose_last_hour_is_doubled_ends_after_the_second() -> None:
    assert end_of_day(date(2018, 2, 17), zone_named("America/Sao_Paulo")) == at("2018-02-18T03:00:00Z")


def test_a_day_before_a_doubled_first_hour_ends_before_the_first() -> None:
    assert end_of_day(date(2026, 10, 31), zone_named("America/Havana")) == at("2026-11-01T04:00:00Z")


def test_a_day_into_which_the_clocks_fall_back_ends_with_the_second_midnight() -> None:
    assert end_of_day(date(2006, 10, 28), zone_named("America/St_Johns")) == at("2006-10-29T03:30:00Z")


def test_a_date_that_a_zone_never_had_ends_with_the_day_before() -> None:
    apia = zone_named("Pacific/Apia")

    ends = [end_of_day(date(2011, 12, day), apia) for day in (29, 30, 31)]

    assert ends == [at("2011-12-30T10:00:00Z"), at("2011-12-30T10:00:00Z"), at("2011-12-31T10:00:00Z")]


@given(some.days, some.zones)
def test_at_its_end_a_day_is_over_and_a_second_before_it_is_not(day: date, zone: ZoneInfo) -> None:
    end = end_of_day(day, zone)

    assert end.tzinfo is UTC
    assert end.astimezone(zone).date() > day
    assert (end - SECOND).astimezone(zone).date() <= day


@given(some.days, some.zones)
def test_once_ended_a_day_does_not_come_back(day: date, zone: ZoneInfo) -> None:
    end = end_of_day(day, zone)

    later = [(end + timedelta(minutes=minutes)).astimezone(zone) for minutes in range(0, 180, 15)]

    assert all(moment.date() > day for moment in later)


@given(some.instants, some.zones)
def test_days_away_the_clocks_show_the_same_time_or_skip_it(instant: datetime, zone: ZoneInfo) -> None:
    for days in (-14, -1, 1, 14):
        moved = same_wall_time(instant, days, zone)
        wanted = instant.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
        shown = moved.astimezone(zone).replace(tzinfo=None)
        before = zone.utcoffset((moved - timedelta(days=2)).astimezone(zone).replace(tzinfo=None))
        after = zone.utcoffset((moved + timedelta(days=2)).astimezone(zone).replace(tzinfo=None))

        assert shown == wanted or (before != after and abs(shown - wanted) <= timedelta(days=1))
        assert (moved < instant) == (days < 0)


def test_a_skipped_time_is_read_on_the_side_of_the_instant() -> None:
    berlin = zone_named("Europe/Berlin")

    assert same_wall_time(at("2026-03-30T02:30:00+02:00"), -1, berlin) == at("2026-03-29T00:30:00Z")
    assert same_wall_time(at("2026-03-28T02:30:00+01:00"), 1, berlin) == at("2026-03-29T01:30:00Z")


def test_a_doubled_time_is_read_on_the_side_of_the_instant() -> None:
    berlin = zone_named("Europe/Berlin")

    assert same_wall_time(at("2026-10-26T02:30:00+01:00"), -1, berlin) == at("2026-10-25T01:30:00Z")
    assert same_wall_time(at("2026-10-24T02:30:00+02:00"), 1, berlin) == at("2026-10-25T00:30:00Z")


def test_a_day_before_the_end_of_a_skipped_day_is_still_before() -> None:
    noon_after_the_skip = at("2011-12-31T12:00:00+14:00")

    assert same_wall_time(noon_after_the_skip, -1, zone_named("Pacific/Apia")) < noon_after_the_skip


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "a\0b", "x" * 5000]
)
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"


def test_a_zone_is_read_once() -> None:
    assert zone_named("Asia/Kathmandu") is zone_named("Asia/Kathmandu")
