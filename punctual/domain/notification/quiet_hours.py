"""Quiet hours: when somebody wants no e-mails, by the clock on their own wall."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from punctual.kit.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)


class NeverEnding(Invalid):
    """Quiet hours without an end would hold e-mails for ever."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """They begin on these days (0 is Monday); unless `ends` is later than `begins`, they end on the next day."""

    begins: time
    ends: time
    days: frozenset[int]

    @classmethod
    def chosen(cls, given: dict[str, Any]) -> "QuietHours":
        """From `from`, `to` (HH:MM) and `days`. Raises NeverEnding."""
        found = cls(
            time.fromisoformat(given["from"]),
            time.fromisoformat(given["to"]),
            frozenset(DAYS.index(day) for day in given["days"]),
        )
        if found.begins == found.ends and len(found.days) == len(DAYS):
            raise NeverEnding(
                "From a time to the same time is a whole day, and here it would be every day: choose another end, or"
                " fewer days. Switch e-mails off altogether with the kinds.",
                field="quiet_hours",
            )
        return found

    def shown(self) -> dict[str, Any]:
        """The representation."""
        days = [name for number, name in enumerate(DAYS) if number in self.days]
        return {"from": f"{self.begins:%H:%M}", "to": f"{self.ends:%H:%M}", "days": days}

    def end(self, now: datetime, zone: str) -> datetime | None:
        """When it will be over, if it is quiet now in this zone; hours that follow at once are one with these."""
        end = following = self._end(now, zone)
        while following:
            end, following = following, self._end(following, zone)
        return end

    def _end(self, now: datetime, zone: str) -> datetime | None:
        today = now.astimezone(ZoneInfo(zone)).date()
        for day in (today, today - _DAY):
            if day.weekday() in self.days:
                over = day if self.ends > self.begins else day + _DAY
                if instant(day, self.begins, zone) <= now < (end := instant(over, self.ends, zone)):
                    return end
        return None


def instant(day: date, at: time, zone: str) -> datetime:
    """When a clock in the zone shows this time, as RFC 5545 has it.

    Of a time that comes twice the first; one that is left out is as much later as the clock was moved.
    """
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def clock(moment: datetime, now: datetime, zone: str) -> str:
    """A moment to come as people say it: "08:00", or "Mon 08:00" when it is further away than a day."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M}" if moment - now <= _DAY else f"{DAYS[local.weekday()].title()} {local:%H:%M}"
