"""When somebody gets e-mails: at once, unless they chose otherwise."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from punctual.domain.notification.kinds import Kind
from punctual.domain.notification.quiet_hours import QuietHours, clock
from punctual.domain.notification.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a person chose; without anything e-mails come at once."""

    quiet: QuietHours | None = None
    digest: Rhythm | None = None

    @classmethod
    def stored(cls, row: dict[str, Any] | None) -> "Schedule":
        """From a row as JSON; None where there is none."""
        return cls(_quiet(row), _digest(row)) if row else AT_ONCE

    def changed(self, given: dict[str, Any]) -> "Schedule":
        """With what was given (`quiet_hours`, `digest`); what wasn't named stays. Raises Invalid."""
        found = self
        if "quiet_hours" in given:
            quiet = given["quiet_hours"]
            found = replace(found, quiet=QuietHours.chosen(quiet) if quiet else None)
        if "digest" in given:
            digest = given["digest"]
            found = replace(found, digest=Rhythm.chosen(digest) if digest else None)
        return found

    def shown(self) -> dict[str, Any]:
        """The representation."""
        return {
            "quiet_hours": self.quiet.shown() if self.quiet else None,
            "digest": self.digest.shown() if self.digest else None,
        }

    def gathers(self, kind: Kind) -> bool:
        """Whether e-mails of a kind come in a digest."""
        return self.digest is not None and (self.digest.reminders or not kind.prompt)

    def held(self, kind: Kind, now: datetime, zone: str) -> tuple[datetime, str] | None:
        """Until when an e-mail of now is held, and why; None when it goes at once."""
        if self.digest and self.gathers(kind):
            moment = self.digest.next(now, zone)
            moment = (self.quiet and self.quiet.end(moment, zone)) or moment
            return moment, f"in the digest at {clock(moment, now, zone)}"
        if self.quiet and (end := self.quiet.end(now, zone)):
            return end, f"quiet hours until {clock(end, now, zone)}"
        return None


AT_ONCE = Schedule()


def _quiet(row: dict[str, Any]) -> QuietHours | None:
    if row["quiet_from"] is None:
        return None
    begins, ends = time.fromisoformat(row["quiet_from"]), time.fromisoformat(row["quiet_to"])
    return QuietHours(begins, ends, frozenset(row["quiet_days"]))


def _digest(row: dict[str, Any]) -> Rhythm | None:
    if row["digest"] is None:
        return None
    return Rhythm(row["digest"], time.fromisoformat(row["digest_at"]), row["digest_day"], row["digest_reminders"])
