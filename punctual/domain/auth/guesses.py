"""Guessing a password gets slower with every failure; the same for addresses that nobody has registered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 5
LONGEST = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(slots=True)
class Guesses:
    """Failed attempts for one address, known by its hash. Nothing is tried before `blocked_until`."""

    subject: str
    failures: int = 0
    failed_at: datetime | None = None
    blocked_until: datetime | None = None

    def fail(self, now: datetime) -> None:
        """One more failure: after the free ones a second, then two, four, eight."""
        if self.failed_at and now - self.failed_at > FORGOTTEN_AFTER:
            self.failures = 0
        self.failures += 1
        self.failed_at = now
        if self.failures >= FREE:
            doublings = min(self.failures - FREE, 20)
            self.blocked_until = now + min(LONGEST, timedelta(seconds=2**doublings))
