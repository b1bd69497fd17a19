"""Sessions and their refresh tokens: one token is good at a time, and an old one used again ends the session."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from punctual.domain.auth.accounts import InvalidGrant
from punctual.kit.errors import Unavailable

SESSION_LIFE = timedelta(days=30)
GRACE = timedelta(seconds=10)
# Of a client that keeps its tokens where no script and no thief of them gets, and shares them among its processes.
LONG_GRACE = timedelta(minutes=15)
PATIENCE = timedelta(seconds=10)


@dataclass(slots=True)
class Session:
    """Somebody signed in on some device; it lives on for as long as its tokens are refreshed."""

    id: UUID
    account_id: UUID
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def demand_alive(self, now: datetime) -> None:
        """Raises InvalidGrant when it was revoked or has expired."""
        if self.revoked_at or now >= self.expires_at:
            raise InvalidGrant("The session has ended; sign in again.")

    def seen(self, now: datetime) -> None:
        """It was used, so it lives on."""
        self.last_seen_at = now
        self.expires_at = now + SESSION_LIFE


class Rotation(enum.Enum):
    """What became of a refresh token that was offered."""

    FRESH = enum.auto()
    REPEATED = enum.auto()
    REPLACED = enum.auto()
    REUSED = enum.auto()


@dataclass(slots=True)
class RefreshToken:
    """The hash of a refresh token; once used, also that of its successor."""

    hash: str
    session_id: UUID
    created_at: datetime
    used_at: datetime | None = None
    successor: str | None = None

    def rotate(self, successor: str, now: datetime, *, successor_used: bool, grace: timedelta = GRACE) -> Rotation:
        """Use the token, its holder getting `successor` instead.

        A repeat within the grace is a client whose answer was lost, as long as nobody has used the successor.
        It gets the same successor again, or another one in its place; so there is only ever one good token, and
        of two holders the one who comes later is found out.
        """
        if self.used_at is None:
            self.used_at, self.successor = now, successor
            return Rotation.FRESH
        if successor_used or now - self.used_at > grace:
            return Rotation.REUSED
        if self.successor == successor:
            return Rotation.REPEATED
        self.successor = successor
        return Rotation.REPLACED


def open_session(session_id: UUID, account_id: UUID, device: str, address: str, now: datetime) -> Session:
    """A new session."""
    return Session(session_id, account_id, device, address, now, now, now + SESSION_LIFE)


def demand_timely(asked_at: datetime, now: datetime) -> None:
    """Raises Unavailable when whoever asked for tokens has been told to come again."""
    if now - asked_at > PATIENCE:
        raise Unavailable("This came too late to be done; try again.")
