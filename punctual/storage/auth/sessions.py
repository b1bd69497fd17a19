"""Sessions and refresh tokens in auth_db."""

from dataclasses import astuple, dataclass
from datetime import datetime
from uuid import UUID

from punctual.domain.auth.accounts import InvalidGrant
from punctual.domain.auth.sessions import SESSION_LIFE, RefreshToken, Session
from punctual.kit.errors import NotFound
from punctual.kit.transactions import Transaction

_SESSION = "id, account_id, device, address, created_at, last_seen_at, expires_at, revoked_at"
_TOKEN = "hash, session_id, created_at, used_at, successor"  # noqa: S105 - names of columns


@dataclass(frozen=True, slots=True)
class Chain:
    """A refresh token with its session, and whether the token's successor was used."""

    session: Session
    token: RefreshToken
    successor_used: bool


def insert(transaction: Transaction, session: Session) -> None:
    """A new session."""
    transaction.later(f"INSERT INTO session ({_SESSION}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", astuple(session))


def insert_token(transaction: Transaction, token: RefreshToken) -> None:
    """A new refresh token."""
    transaction.later(f"INSERT INTO refresh_token ({_TOKEN}) VALUES (%s, %s, %s, %s, %s)", astuple(token))


def load_chain(transaction: Transaction, token_hash: str) -> Chain:
    """A refresh token and its session, locked; the account stays as it is until commit. Raises InvalidGrant."""
    transaction.later(
        "SELECT FROM account WHERE id = (SELECT account_id FROM session JOIN refresh_token ON session_id = session.id"
        " WHERE hash = %s) FOR SHARE",
        (token_hash,),
    )
    # The tokens of a session change under its lock, so they are read by a statement that begins after it.
    transaction.later(
        "SELECT FROM session WHERE id = (SELECT session_id FROM refresh_token WHERE hash = %s) FOR UPDATE",
        (token_hash,),
    )
    session = transaction.one(
        f"SELECT {_SESSION} FROM session WHERE id = (SELECT session_id FROM refresh_token WHERE hash = %s)",
        (token_hash,),
    )
    token = transaction.one(
        f"SELECT {_TOKEN}, coalesce((SELECT next.used_at IS NOT NULL FROM refresh_token next"
        " WHERE next.hash = refresh_token.successor), false) AS successor_used FROM refresh_token WHERE hash = %s",
        (token_hash,),
    )
    if session is None or token is None:
        raise InvalidGrant("The refresh token isn't one that is known; sign in again.")
    successor_used = token.pop("successor_used")
    return Chain(Session(**session), RefreshToken(**token), successor_used)


def save_token(transaction: Transaction, token: RefreshToken) -> None:
    """When a refresh token was used and what came after it."""
    transaction.later(
        "UPDATE refresh_token SET used_at = %s, successor = %s WHERE hash = %s",
        (token.used_at, token.successor, token.hash),
    )


def delete_token(transaction: Transaction, token_hash: str | None) -> None:
    """Forget a refresh token that nobody has used."""
    transaction.later("DELETE FROM refresh_token WHERE hash = %s", (token_hash,))


def save_seen(transaction: Transaction, session: Session) -> None:
    """When a session was used last and how long it lives on."""
    transaction.later(
        "UPDATE session SET last_seen_at = %s, expires_at = %s WHERE id = %s",
        (session.last_seen_at, session.expires_at, session.id),
    )


def end(transaction: Transaction, session_id: UUID, account_id: UUID | None) -> bool:
    """End a session of an account; False when it had ended already. Raises NotFound for anybody else's."""
    row = transaction.one(
        "SELECT revoked_at FROM session WHERE id = %s AND account_id = %s FOR UPDATE", (session_id, account_id)
    )
    if row is None:
        raise NotFound(f"There is no session {session_id}.")
    transaction.later(
        "UPDATE session SET revoked_at = %s WHERE id = %s AND revoked_at IS NULL", (transaction.now, session_id)
    )
    return row["revoked_at"] is None


def end_all(transaction: Transaction, account_id: UUID, but: UUID | None = None) -> list[UUID]:
    """End all sessions of an account, perhaps but one; which ones they were."""
    rows = transaction.all(
        "UPDATE session SET revoked_at = %s WHERE account_id = %s AND revoked_at IS NULL AND expires_at > %s"
        " AND id IS DISTINCT FROM %s RETURNING id",
        (transaction.now, account_id, transaction.now, but),
    )
    return [row["id"] for row in rows]


def forget(transaction: Transaction, before: datetime) -> None:
    """Drop sessions that ended before then, and refresh tokens too old to be good for anything."""
    transaction.later("DELETE FROM session WHERE revoked_at < %s OR expires_at < %s", (before, before))
    transaction.later("DELETE FROM refresh_token WHERE created_at < %s", (transaction.now - SESSION_LIFE,))
