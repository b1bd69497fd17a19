"""A year in fast motion: with a deadline every day, each reminder fires once, at its instant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count, product
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import DEFAULT_RULES, Facts, Reminder, ReminderState, arm, judge
from punctual.domain.task.zones import zone_named
from tests.domain.task.reminders.rows import recorded
from tests.domain.task.strategies import ZONE_NAMES

ANA = UUID(int=1)
FACTS = Facts(due_version=1, deleted=False, completed=False, archived=False, member=True, concerned=True)
TICK = timedelta(minutes=15)
MARGIN = timedelta(days=20)
TIMES_OF_DAY = [time(0, 0), time(0, 30), time(2, 15), time(23, 45)]
# Apia had no 2011-12-30; 2028 has a leap day.
YEARS = [2011, 2028]
# Newfoundland changed its clocks a minute after midnight, Brazil at midnight.
MIDNIGHTS = [("America/St_Johns", 2010), ("America/Sao_Paulo", 2018)]


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def ticks_of(year: int) -> Iterator[datetime]:
    now, end = datetime(year, 1, 1, tzinfo=UTC) - MARGIN, datetime(year + 1, 1, 1, tzinfo=UTC) + MARGIN
    while now < end:
        yield now
        now += TICK


class Clocks:
    """The wall clocks of a zone through a year, looked at every quarter of an hour."""

    def __init__(self, zone: ZoneInfo, year: int) -> None:
        self.shown: dict[datetime, list[datetime]] = {}
        self.ends: dict[date, datetime] = {}
        for now in ticks_of(year):
            wall = now.astimezone(zone).replace(tzinfo=None)
            self.shown.setdefault(wall, []).append(now)
            self.ends[wall.date()] = now + TICK

    def end_of(self, day: date) -> datetime:
        """A day that never was ends with the one before."""
        return self.ends[day] if day in self.ends else self.end_of(day - timedelta(days=1))

    def same_time(self, wall: datetime, deadline: datetime, days: int) -> datetime:
        """A doubled time is the one nearer to the deadline; a skipped time is days of 24 hours away."""
        readings = self.shown.get(wall) or [deadline + timedelta(days=days)]
        return min(readings, key=lambda instant: abs(instant - deadline))


def expected(due: Due, clocks: Clocks, zone: ZoneInfo) -> list[datetime]:
    if not isinstance(due.when, datetime):
        end = clocks.end_of(due.when)
        days = [clocks.end_of(due.when + timedelta(days=days)) for days in (-1, 1, 3, 7, 14)]
    else:
        end = due.when
        wall = end.astimezone(zone).replace(tzinfo=None)
        days = [clocks.same_time(wall + timedelta(days=days), end, days) for days in (-1, 1, 3, 7, 14)]
    return sorted([end - timedelta(hours=1), end, *days])


def simulate(dues: list[Due], zone: ZoneInfo, year: int) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """Tick through the year; by task, when each reminder was to fire and when it did."""
    waiting: list[tuple[datetime, int, Reminder]] = []
    told: dict[UUID, list[tuple[datetime, datetime]]] = {}
    turn = count()
    for number, due in enumerate(dues):
        created = due.ends_at(zone) - timedelta(days=3)
        for promise in arm(UUID(int=number), ANA, due, 1, DEFAULT_RULES, zone, created):
            heappush(waiting, (promise.fire_at, next(turn), recorded(promise, promise.event_id)))
    for now in ticks_of(year):
        while waiting and waiting[0][0] <= now:
            _, _, row = heappop(waiting)
            verdict = judge(row, now, FACTS)
            assert verdict.state is ReminderState.FIRED
            assert verdict.late_by < TICK
            told.setdefault(row.task_id, []).append((row.fire_at, now))
    assert not waiting
    return told


@pytest.mark.parametrize(("name", "year"), [*product(ZONE_NAMES, YEARS), *MIDNIGHTS])
def test_every_reminder_of_a_year_fires_once_at_its_instant(name: str, year: int) -> None:
    zone = zone_named(name)
    clocks = Clocks(zone, year)
    dates = [Due.on(day) for day in days_of(year)]
    instants = [Due.at(datetime.combine(day, clock, zone)) for day in days_of(year) for clock in TIMES_OF_DAY]

    told = simulate([*dates, *instants], zone, year)

    for number, due in enumerate([*dates, *instants]):
        fired = told[UUID(int=number)]
        assert [fire_at for fire_at, _ in fired] == expected(due, clocks, zone), f"{due} in {zone}"
        assert all(fire_at <= now < fire_at + TICK for fire_at, now in fired)
