"""Accounts, sessions and keys, as far as the auth service's handlers must know them."""

from datetime import datetime, timedelta
from uuid import UUID

from punctual.kit.denylist import ACCESS_TOKEN_SECONDS
from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

SESSIONS_NEWEST = Sort("-created_at", (("session.id", "uuid"),), descending=True)
REVOCATIONS_KEPT = timedelta(minutes=11)

_SESSION = """json_build_object('id', id, 'device', device, 'address', address, 'current', id = %s,
    'created_at', rfc3339(created_at), 'last_seen_at', rfc3339(last_seen_at),
    'expires_at', rfc3339(expires_at))::text"""
_ALIVE = "account_id = %s AND revoked_at IS NULL AND expires_at > %s"


async def credentials(email: str, subject: str, now: datetime) -> Row:
    """What proving a password needs: `wait` in seconds, and the account's columns, null if there is none."""
    row = await pool("auth").one(
        "SELECT greatest(0, ceil(extract(epoch FROM guess.blocked_until - %s)))::integer AS wait, account.id,"
        " account.password_hash, account.password_version, account.active FROM (VALUES (1)) one"
        " LEFT JOIN guess ON guess.subject = %s LEFT JOIN account ON account.email = %s",
        (now, subject, email),
    )
    assert row
    return row


async def email(account_id: UUID) -> str | None:
    """The address of an account."""
    row = await pool("auth").one("SELECT email FROM account WHERE id = %s", (account_id,))
    return row["email"] if row else None


async def letter(token_hash: str, kind: str, now: datetime) -> Row | None:
    """The address that a letter with a good secret went to."""
    return await pool("auth").one(
        "SELECT account.email FROM letter JOIN account ON account.id = letter.account_id"
        " WHERE token_hash = %s AND kind = %s AND used_at IS NULL AND expires_at > %s",
        (token_hash, kind, now),
    )


async def refresh_token(token_hash: str) -> Row | None:
    """Whose refresh token this is, used or not: `session_id` and `account_id`."""
    return await pool("auth").one(
        "SELECT session.id AS session_id, session.account_id FROM refresh_token"
        " JOIN session ON session.id = refresh_token.session_id WHERE hash = %s",
        (token_hash,),
    )


async def sessions(account_id: UUID, current: UUID | None, page: Page, now: datetime) -> list[Row]:
    """The sessions of an account that are alive."""
    after, values = page.where()
    return await pool("auth").all(
        f"SELECT {_SESSION} AS body, {page.sort.key()} AS key FROM session WHERE {_ALIVE}"
        f" AND {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (current, account_id, now, *values),
    )


async def session(session_id: UUID, account_id: UUID, current: UUID | None, now: datetime) -> Row | None:
    """One session of an account, if it is alive."""
    return await pool("auth").one(
        f"SELECT {_SESSION} AS body FROM session WHERE {_ALIVE} AND id = %s", (current, account_id, now, session_id)
    )


async def revocations(now: datetime) -> list[Row]:
    """`id` of sessions and accounts whose access tokens are refused, and up to which issue (`at`, epoch seconds).

    Of a session no token is ever good again, so that clocks that differ a little make no hole.
    """
    since = now - REVOCATIONS_KEPT
    return await pool("auth").all(
        "SELECT id, extract(epoch FROM revoked_at)::float8 + %s AS at FROM session WHERE revoked_at > %s"
        " UNION ALL SELECT id, extract(epoch FROM tokens_void_until)::float8 FROM account WHERE tokens_void_until > %s",
        (ACCESS_TOKEN_SECONDS, since, since),
    )


async def signing_keys() -> list[Row]:
    """Every signing key, private part included, in the order in which they sign."""
    return await pool("auth").all(
        "SELECT id, seed, refresh_secret, signs_from FROM signing_key ORDER BY signs_from, id"
    )
