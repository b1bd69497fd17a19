"""Signing keys: a new one every thirty days, known to all before it signs and until its last token is dead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

KEY_LIFE = timedelta(days=30)
# An access token lives ten minutes, verifiers read the keys every five, and answers may be cached for five more.
PUBLISHED_BEFORE = timedelta(hours=1)
PUBLISHED_AFTER = timedelta(hours=1)
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key as its private seed, and the secret from which refresh tokens of its time are derived."""

    id: UUID
    seed: bytes
    refresh_secret: bytes
    created_at: datetime
    signs_from: datetime


def next_signs_from(keys: Sequence[SigningKey], now: datetime) -> datetime | None:
    """From when a new key should sign, if it is time to make one."""
    if not keys:
        return now
    newest = max(key.signs_from for key in keys)
    return now + PUBLISHED_BEFORE if now >= newest + KEY_LIFE - PUBLISHED_BEFORE else None


def retired(keys: Sequence[SigningKey], now: datetime) -> list[SigningKey]:
    """Keys of which nothing is alive any more: a later one has been signing for long enough."""
    signing = [key.signs_from for key in keys if key.signs_from + PUBLISHED_AFTER <= now]
    latest = max(signing, default=None)
    return [key for key in keys if latest and key.signs_from < latest]
