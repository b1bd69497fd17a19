"""Deadlines around the moment at which the demo was begun."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

_MINUTES = tuple(range(5, 60, 5))
_HOURS = (9, 10, 11, 12, 14, 15, 16, 17)


@dataclass(frozen=True, slots=True)
class Deadline:
    """So many days after the beginning, as a whole day or at a time of it; or so many minutes after it."""

    days: int = 0
    at: time | None = None
    minutes: int | None = None

    def text(self, begun_at: datetime, zone: str) -> str:
        """As the API wants it: a date, or an instant in UTC."""
        if self.minutes is not None:
            return _instant(begun_at + timedelta(minutes=self.minutes))
        local = begun_at.astimezone(ZoneInfo(zone))
        day = local.date() + timedelta(days=self.days)
        if self.at is None:
            return day.isoformat()
        return _instant(datetime.combine(day, self.at, local.tzinfo))


def of_open_task(random: Random) -> Deadline | None:
    """Some overdue, some within minutes and hours, most within days and weeks, some without."""
    kind = random.choices(
        ("none", "overdue", "just overdue", "minutes", "hours", "today", "days", "weeks"),
        (18, 9, 3, 4, 7, 5, 24, 30),
    )[0]
    if kind == "overdue":
        return _some_day(random, -random.randint(1, 12))
    if kind == "just overdue":
        return Deadline(minutes=-random.choice((20, 90, 200)))
    if kind == "minutes":
        return Deadline(minutes=random.choice(_MINUTES))
    if kind == "hours":
        return Deadline(minutes=random.randrange(75, 600, 15))
    if kind == "today":
        return Deadline()
    if kind == "days":
        return _some_day(random, random.randint(1, 6))
    if kind == "weeks":
        return _some_day(random, random.randint(7, 70))
    return None


def of_backlog(random: Random) -> Deadline | None:
    """What isn't planned yet is rarely promised for a day."""
    return Deadline(random.randint(20, 120)) if random.random() < 0.25 else None


def of_closed_task(random: Random) -> Deadline | None:
    """Done in time, mostly."""
    return _some_day(random, random.randint(-25, 10)) if random.random() < 0.7 else None


def _some_day(random: Random, days: int) -> Deadline:
    if random.random() < 0.7:
        return Deadline(days)
    return Deadline(days, time(random.choice(_HOURS), random.choice((0, 0, 0, 30))))


def _instant(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
