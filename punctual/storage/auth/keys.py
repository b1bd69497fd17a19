"""Signing keys in auth_db."""

from collections.abc import Sequence

from punctual.domain.auth.keys import SigningKey
from punctual.kit.transactions import Transaction

_ROTATION_LOCK = 7_227_002


def load_all(transaction: Transaction) -> list[SigningKey]:
    """Every key; whoever else asks to change them waits."""
    transaction.later("SELECT pg_advisory_xact_lock(%s)", (_ROTATION_LOCK,))
    rows = transaction.all(
        "SELECT id, seed, refresh_secret, created_at, signs_from FROM signing_key ORDER BY signs_from"
    )
    return [
        SigningKey(row["id"], bytes(row["seed"]), bytes(row["refresh_secret"]), row["created_at"], row["signs_from"])
        for row in rows
    ]


def insert(transaction: Transaction, key: SigningKey) -> None:
    """A new key."""
    transaction.later(
        "INSERT INTO signing_key (id, seed, refresh_secret, created_at, signs_from) VALUES (%s, %s, %s, %s, %s)",
        (key.id, key.seed, key.refresh_secret, key.created_at, key.signs_from),
    )


def delete(transaction: Transaction, keys: Sequence[SigningKey]) -> None:
    """Keys that nothing alive was signed with."""
    transaction.later("DELETE FROM signing_key WHERE id = ANY(%s)", ([key.id for key in keys],))
