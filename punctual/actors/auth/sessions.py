"""Open sessions, keep them going, end them.

What hands out tokens is done only while its asker still waits: afterwards nobody would know the tokens, and the
next attempt would look like a theft.
"""

from datetime import datetime
from uuid import UUID

from punctual.actors.auth.publishing import publish_revoked
from punctual.domain.auth import sessions as domain
from punctual.domain.auth.accounts import Account, InvalidGrant
from punctual.domain.auth.sessions import RefreshToken, Rotation
from punctual.kit import ids
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.storage.auth import accounts, guesses, sessions as storage


@command("auth")
def open_session(
    transaction: Transaction,
    *,
    asked_at: datetime,
    account_id: UUID,
    password_version: int,
    subject: str,
    token_hash: str,
    device: str,
    address: str,
) -> Outcome:
    """Sign in with a password that was proved; failed attempts are forgotten."""
    domain.demand_timely(asked_at, transaction.now)
    account = accounts.load_shared(transaction, account_id)
    account.demand_sign_in(password_version)
    session = domain.open_session(ids.uuid7(), account_id, device, address, transaction.now)
    storage.insert(transaction, session)
    storage.insert_token(transaction, RefreshToken(token_hash, session.id, transaction.now))
    guesses.clear(transaction, subject)
    return _granted(transaction, account, session.id)


@command("auth")
def rotate(
    transaction: Transaction, *, asked_at: datetime, token_hash: str, successor_hash: str, confidential: bool = False
) -> Outcome:
    """Use a refresh token for its successor. A used one ends the session, but for a repeat within the grace."""
    domain.demand_timely(asked_at, transaction.now)
    chain = storage.load_chain(transaction, token_hash)
    session, token = chain.session, chain.token
    session.demand_alive(transaction.now)
    account = accounts.load_shared(transaction, session.account_id)
    account.demand_active()
    replaced = token.successor
    grace = domain.LONG_GRACE if confidential else domain.GRACE
    rotation = token.rotate(successor_hash, transaction.now, successor_used=chain.successor_used, grace=grace)
    if rotation is Rotation.REUSED:
        storage.end(transaction, session.id, account.id)
        publish_revoked(transaction, account.id, [session.id])
        # Returned, not raised: the refusal must not undo the session's end.
        return Outcome.rejected(InvalidGrant("The refresh token was used already; sign in again.").problem())
    if rotation is Rotation.REPLACED:
        storage.delete_token(transaction, replaced)
    if rotation is not Rotation.REPEATED:
        storage.insert_token(transaction, RefreshToken(successor_hash, session.id, transaction.now))
        storage.save_token(transaction, token)
    session.seen(transaction.now)
    storage.save_seen(transaction, session)
    return _granted(transaction, account, session.id)


@command("auth")
def end_session(transaction: Transaction, *, session_id: UUID) -> Outcome:
    """End one of the caller's sessions."""
    if storage.end(transaction, session_id, transaction.caller.id):
        publish_revoked(transaction, transaction.caller.id, [session_id])
    return Outcome.gone()


@command("auth")
def end_other_sessions(transaction: Transaction) -> Outcome:
    """End all of the caller's sessions but the present one."""
    account = accounts.load(transaction, transaction.caller.id)
    ended = storage.end_all(transaction, account.id, but=transaction.caller.session_id)
    publish_revoked(transaction, account.id, ended)
    return Outcome.gone()


def _granted(transaction: Transaction, account: Account, session_id: UUID) -> Outcome:
    # The instant is the transaction's, so that no token can be issued after its session's end is on record.
    at = int(transaction.now.timestamp())
    return Outcome.ok({"user_id": account.id, "session_id": session_id, "role": account.role, "at": at})
