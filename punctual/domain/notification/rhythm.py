"""How often somebody wants a digest, by the clock on their own wall."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from punctual.domain.notification.quiet_hours import DAYS, instant

_HOUR = timedelta(hours=1)
# A week ahead, and one day more for a day that a change of zone left out.
_DAYS_AHEAD = 9


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`at` counts for days and weeks, `day` (0 is Monday) for weeks; `reminders`: they, too, wait for the digest."""

    every: Literal["hour", "day", "week"]
    at: time
    day: int
    reminders: bool

    @classmethod
    def chosen(cls, given: dict[str, Any]) -> "Rhythm":
        """From `every`, `at` (HH:MM), `day` and `reminders`."""
        return cls(given["every"], time.fromisoformat(given["at"]), DAYS.index(given["day"]), given["reminders"])

    def shown(self) -> dict[str, Any]:
        """The representation."""
        return {
            "every": self.every, "at": f"{self.at:%H:%M}", "day": DAYS[self.day], "reminders": self.reminders,
        }  # fmt: skip

    def next(self, now: datetime, zone: str) -> datetime:
        """The first digest after that instant."""
        local = now.astimezone(ZoneInfo(zone))
        if self.every == "hour":
            begun = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            return now - begun + _HOUR
        days = (local.date() + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD))
        wanted = (day for day in days if self.every == "day" or day.weekday() == self.day)
        return next(moment for day in wanted if (moment := instant(day, self.at, zone)) > now)
