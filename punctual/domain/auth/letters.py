"""Letters: e-mails that carry a secret to the owner of an address, or tell that somebody tried to register it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from punctual.kit.errors import NotFound

VERIFICATION = "verification"
PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of letter
ALREADY_REGISTERED = "already_registered"
LIVES = {
    VERIFICATION: timedelta(days=7),
    PASSWORD_RESET: timedelta(hours=1),
    ALREADY_REGISTERED: timedelta(0),
}
COUNTED_FOR = timedelta(hours=1)
MOST = 5


@dataclass(slots=True)
class Letter:
    """A letter to an account's address. Only the hash of its secret is kept; some letters have none."""

    id: UUID
    account_id: UUID
    kind: str
    token_hash: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def demand_good(self, now: datetime) -> None:
        """Raises NotFound for a secret that is too old."""
        if now >= self.expires_at:
            raise unknown()

    def use(self, now: datetime) -> None:
        """Use the secret, once. Raises NotFound when it is too old or was used."""
        self.demand_good(now)
        if self.used_at:
            raise unknown()
        self.used_at = now


def write(letter_id: UUID, account_id: UUID, kind: str, token_hash: str | None, now: datetime) -> Letter:
    """A new letter."""
    return Letter(letter_id, account_id, kind, token_hash, now, now + LIVES[kind])


def too_many(sent: int) -> bool:
    """Whether an account got enough letters of a kind within `COUNTED_FOR`, so that nobody can flood an inbox."""
    return sent >= MOST


def unknown() -> NotFound:
    """The same answer for a secret that never was, was used, or is too old."""
    return NotFound("This link was used already, has expired or never was; ask for a new one.", field="token")
