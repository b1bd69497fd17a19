"""Whether reminders arrive, as the canary's do."""

from datetime import UTC, datetime

from punctual.domain.notification.canary import delayed_since
from punctual.queries.notification import canary as queries

# Before the first canary nothing is known, and it should come soon.
_STARTED = datetime.now(UTC)


async def reminders() -> datetime | None:
    """Since when reminders are delayed; None while they come in time. Raises Unavailable."""
    return delayed_since(await queries.promised() or _STARTED, datetime.now(UTC))
