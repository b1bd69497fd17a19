"""Accounts in auth_db."""

from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from punctual.domain.auth.accounts import Account
from punctual.kit.errors import NotFound
from punctual.kit.transactions import Row, Transaction

_COLUMNS = (
    "id, email, password_hash, display_name, time_zone, role, created_at, password_version, active, version,"
    " email_verified_at, tokens_void_until"
)
_FIRST_ACCOUNT_LOCK = 7_227_001


def none_yet(transaction: Transaction) -> bool:
    """Whether this will be the first account; if so, others who ask wait until it is decided."""
    transaction.later("SELECT pg_advisory_xact_lock(%s) WHERE NOT EXISTS (SELECT FROM account)", (_FIRST_ACCOUNT_LOCK,))
    # A statement of its own, so that it sees what was committed while this one waited for the lock.
    row = transaction.one("SELECT NOT EXISTS (SELECT FROM account) AS none_yet")
    return bool(row and row["none_yet"])


def insert(transaction: Transaction, account: Account) -> None:
    """A new account; nothing happens where the address is registered already."""
    transaction.later(
        f"INSERT INTO account ({_COLUMNS})"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (email) DO NOTHING",
        astuple(account),
    )


def addressee(transaction: Transaction, email: str, kind: str, since: datetime) -> tuple[Account, int] | None:
    """Who has this address, and how many letters of a kind went there since then."""
    row = transaction.one(
        f"SELECT {_COLUMNS}, (SELECT count(*) FROM letter WHERE account_id = account.id AND kind = %s"
        " AND created_at > %s) AS letters FROM account WHERE email = %s",
        (kind, since, email),
    )
    if row is None:
        return None
    letters = row.pop("letters")
    return Account(**row), letters


def load(transaction: Transaction, account_id: UUID | None) -> Account:
    """The account, locked for changing it. Raises NotFound."""
    return _found(transaction.one(f"SELECT {_COLUMNS} FROM account WHERE id = %s FOR UPDATE", (account_id,)))


def load_shared(transaction: Transaction, account_id: UUID) -> Account:
    """The account as it will stay until commit. Raises NotFound."""
    return _found(transaction.one(f"SELECT {_COLUMNS} FROM account WHERE id = %s FOR SHARE", (account_id,)))


def find(transaction: Transaction, account_id: UUID) -> Account | None:
    """The account, locked for changing it, if there is one."""
    row = transaction.one(f"SELECT {_COLUMNS} FROM account WHERE id = %s FOR UPDATE", (account_id,))
    return Account(**row) if row else None


def save(transaction: Transaction, account: Account) -> None:
    """What may change of an account."""
    transaction.later(
        "UPDATE account SET password_hash = %s, password_version = %s, email_verified_at = %s, tokens_void_until = %s,"
        " display_name = %s, time_zone = %s, role = %s, active = %s, version = %s WHERE id = %s",
        (
            account.password_hash, account.password_version, account.email_verified_at, account.tokens_void_until,
            account.display_name, account.time_zone, account.role, account.active, account.version, account.id,
        ),
    )  # fmt: skip


def every_account(transaction: Transaction, after: UUID | None, limit: int) -> list[Account]:
    """Accounts in id order, for republishing."""
    rows = transaction.all(
        f"SELECT {_COLUMNS} FROM account WHERE (%s::uuid IS NULL OR id > %s) ORDER BY id LIMIT %s",
        (after, after, limit),
    )
    return [Account(**row) for row in rows]


def _found(row: Row | None) -> Account:
    if row is None:
        raise NotFound("There is no such account.")
    return Account(**row)
