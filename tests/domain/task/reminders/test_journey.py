"""A year of travel in fast motion: whoever moves from zone to zone is told of each deadline once, all the same."""

from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import DEFAULT_RULES, Reminder, ReminderState, arm, judge, rearm
from punctual.domain.task.zones import zone_named
from tests.domain.task.reminders.rows import recorded
from tests.domain.task.reminders.test_year import ANA, FACTS, TICK, YEARS, Clocks, days_of, expected, ticks_of
from tests.domain.task.strategies import ZONE_NAMES

STAY = timedelta(days=5, hours=7)
AHEAD = timedelta(days=4)


class Traveller:
    """A person's ledger, fitted to each zone they come to."""

    def __init__(self, dues: list[Due], zone: ZoneInfo) -> None:
        self.dues = dues
        self.zone = zone
        self.moved_at = datetime.min.replace(tzinfo=UTC)
        self.rows: dict[UUID, dict[UUID, Reminder]] = {}
        self.told: dict[UUID, list[tuple[Reminder, datetime, ZoneInfo, bool]]] = {}
        self._waiting: list[tuple[datetime, int, Reminder]] = []
        self._turn = count()

    def promise(self, task_id: UUID, now: datetime) -> None:
        """A new deadline."""
        self.rows[task_id] = {}
        for promise in arm(task_id, ANA, self.dues[task_id.int], 1, DEFAULT_RULES, self.zone, now):
            self._keep(recorded(promise, promise.event_id))

    def move(self, zone: ZoneInfo, now: datetime) -> None:
        """Come to another zone."""
        self.zone, self.moved_at = zone, now
        for task_id, rows in self.rows.items():
            plan = rearm(rows.values(), task_id, ANA, self.dues[task_id.int], 1, DEFAULT_RULES, zone, now)
            assert (plan.insert, plan.cancel, plan.supersede) == ([], [], [])
            for row in plan.move:
                self._keep(row)

    def hear(self, now: datetime) -> None:
        """Whatever is due is told."""
        while self._waiting and self._waiting[0][0] <= now:
            _, _, row = heappop(self._waiting)
            if self.rows[row.task_id][row.id] is not row:
                continue
            assert judge(row, now, FACTS).state is ReminderState.FIRED
            self.rows[row.task_id][row.id] = recorded(row, row.id, ReminderState.FIRED)
            self.told.setdefault(row.task_id, []).append((row, now, self.zone, now == self.moved_at))

    def _keep(self, row: Reminder) -> None:
        self.rows[row.task_id][row.id] = row
        heappush(self._waiting, (row.fire_at, next(self._turn), row))


@pytest.mark.parametrize("year", YEARS)
def test_whoever_travels_is_told_of_each_deadline_once_at_its_instant_where_they_are(year: int) -> None:
    zones = [zone_named(name) for name in ZONE_NAMES]
    clocks = {zone.key: Clocks(zone, year) for zone in zones}
    dues = [Due.on(day) for day in days_of(year)] + [Due.at(_evening(day)) for day in days_of(year)]
    coming = sorted((_evening(_day(due)) - AHEAD, UUID(int=number)) for number, due in enumerate(dues))
    ana = Traveller(dues, zones[0])
    leaves_at, stays = next(ticks_of(year)) + STAY, iter(zones[1:] + zones * 12)

    for now in ticks_of(year):
        while coming and coming[0][0] <= now:
            ana.promise(coming.pop(0)[1], now)
        if now >= leaves_at:
            ana.move(next(stays), now)
            leaves_at += STAY
        ana.hear(now)

    for number, due in enumerate(dues):
        told = ana.told[UUID(int=number)]
        assert sorted(row.rule.wire for row, *_ in told) == sorted(rule.wire for rule in DEFAULT_RULES)
        for row, now, zone, just_arrived in told:
            assert row.fire_at in expected(due, clocks[str(zone.key)], zone)
            assert row.fire_at <= now < row.fire_at + TICK or just_arrived


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(23, 45), UTC)


def _day(due: Due) -> date:
    return due.when.date() if isinstance(due.when, datetime) else due.when
