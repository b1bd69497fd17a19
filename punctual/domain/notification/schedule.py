"""When somebody gets e-mails: at once, unless they chose otherwise."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from punctual.domain.notification.quiet_hours import QuietHours, clock


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a person chose; without anything e-mails come at once."""

    quiet: QuietHours | None = None

    @classmethod
    def stored(cls, row: dict[str, Any] | None) -> "Schedule":
        """From a row as JSON; None where there is none."""
        if row is None or row["quiet_from"] is None:
            return AT_ONCE
        begins, ends = time.fromisoformat(row["quiet_from"]), time.fromisoformat(row["quiet_to"])
        return cls(QuietHours(begins, ends, frozenset(row["quiet_days"])))

    def changed(self, given: dict[str, Any]) -> "Schedule":
        """With what was given (`quiet_hours`); what wasn't named stays. Raises Invalid."""
        if "quiet_hours" not in given:
            return self
        quiet = given["quiet_hours"]
        return replace(self, quiet=QuietHours.chosen(quiet) if quiet else None)

    def shown(self) -> dict[str, Any]:
        """The representation."""
        return {"quiet_hours": self.quiet.shown() if self.quiet else None}

    def held(self, now: datetime, zone: str) -> tuple[datetime, str] | None:
        """Until when an e-mail of now is held, and why; None when it goes at once."""
        if self.quiet and (end := self.quiet.end(now, zone)):
            return end, f"quiet hours until {clock(end, now, zone)}"
        return None


AT_ONCE = Schedule()
