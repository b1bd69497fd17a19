"""What the canary's reminders say of everybody's."""

from datetime import datetime, timedelta

from punctual.kit.canary import SECONDS

INTERVAL = timedelta(seconds=SECONDS)
# The ticks that arm and fire it come a few seconds apart.
TOLERANCE = timedelta(seconds=INTERVAL.total_seconds() + 10)


def delayed_since(promised: datetime, now: datetime) -> datetime | None:
    """Since when reminders don't come in time; None while they do. `promised`: for when the newest arrival was."""
    expected = promised + INTERVAL
    return expected if now - expected > TOLERANCE else None
