"""Switching one kind of e-mail off, and the keys of the links that do so."""

from collections.abc import Sequence
from uuid import UUID

from punctual.kit.transactions import Transaction


def secret(transaction: Transaction, number: int) -> bytes | None:
    """A key by its number; None when there is no such."""
    row = transaction.one("SELECT secret FROM unsubscription_key WHERE number = %s", (number,))
    return bytes(row["secret"]) if row else None


def switch_off(transaction: Transaction, user_id: UUID, kinds: Sequence[str]) -> None:
    """No e-mail of these kinds any more; the inbox stays as it is."""
    transaction.later(
        "INSERT INTO preference (user_id, kind, in_app, email)"
        " SELECT %s, kind, true, false FROM unnest(%s::text[]) AS kind"
        " ON CONFLICT (user_id, kind) DO UPDATE SET email = false",
        (user_id, list(kinds)),
    )
