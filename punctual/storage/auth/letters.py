"""Letters in auth_db."""

from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from punctual.domain.auth import letters
from punctual.domain.auth.letters import Letter
from punctual.kit.transactions import Transaction

_COLUMNS = "id, account_id, kind, token_hash, created_at, expires_at, used_at"


def insert(transaction: Transaction, letter: Letter) -> None:
    """A new letter."""
    transaction.later(f"INSERT INTO letter ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)", astuple(letter))


def load(transaction: Transaction, token_hash: str, kind: str) -> Letter:
    """The letter with this secret, locked, and its account with it. Raises NotFound."""
    transaction.later(
        "SELECT FROM account WHERE id = (SELECT account_id FROM letter WHERE token_hash = %s AND kind = %s) FOR UPDATE",
        (token_hash, kind),
    )
    row = transaction.one(
        f"SELECT {_COLUMNS} FROM letter WHERE token_hash = %s AND kind = %s FOR UPDATE", (token_hash, kind)
    )
    if row is None:
        raise letters.unknown()
    return Letter(**row)


def sent_since(transaction: Transaction, account_id: UUID, kind: str, since: datetime) -> int:
    """How many letters of a kind an account got since then."""
    row = transaction.one(
        "SELECT count(*) AS sent FROM letter WHERE account_id = %s AND kind = %s AND created_at > %s",
        (account_id, kind, since),
    )
    return row["sent"] if row else 0


def use_all(transaction: Transaction, account_id: UUID, kind: str) -> None:
    """No letter of this kind to this account is good any more."""
    transaction.later(
        "UPDATE letter SET used_at = %s WHERE account_id = %s AND kind = %s AND used_at IS NULL",
        (transaction.now, account_id, kind),
    )


def forget(transaction: Transaction, before: datetime) -> None:
    """Drop letters written before then."""
    transaction.later("DELETE FROM letter WHERE created_at < %s", (before,))
