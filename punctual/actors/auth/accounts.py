"""Register, and change a password."""

from uuid import UUID

from punctual.actors.auth.posting import post
from punctual.actors.auth.publishing import publish_created, publish_revoked
from punctual.domain.auth.accounts import Account
from punctual.domain.auth.letters import ALREADY_REGISTERED, COUNTED_FOR, VERIFICATION, too_many
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import auth as schemas
from punctual.storage.auth import accounts as storage, sessions


@command("auth")
def register(
    transaction: Transaction, *, account_id: UUID, email: str, password_hash: str, display_name: str, time_zone: str
) -> Outcome:
    """A new account, the first of all an administrator.

    Where the address is registered already its owner is told, and the outcome looks the same.
    """
    role = "admin" if storage.none_yet(transaction) else "user"
    account = Account(account_id, email, password_hash, display_name, time_zone, role, transaction.now)
    storage.insert(transaction, account)
    found = storage.addressee(transaction, email, ALREADY_REGISTERED, transaction.now - COUNTED_FOR)
    assert found
    owner, letters = found
    if owner.id == account_id:
        publish_created(transaction, account)
        post(transaction, account, VERIFICATION)
    elif not too_many(letters):
        post(transaction, owner, ALREADY_REGISTERED)
    return Outcome.created(f"/api/v1/users/{account_id}", schemas.Registered().dump(account))


@command("auth")
def change_password(transaction: Transaction, *, password_hash: str, password_version: int) -> Outcome:
    """Set the caller's password, having proved the old one; all other sessions end."""
    account = storage.load(transaction, transaction.caller.id)
    account.change_password(password_hash, password_version)
    storage.save(transaction, account)
    ended = sessions.end_all(transaction, account.id, but=transaction.caller.session_id)
    publish_revoked(transaction, account.id, ended)
    return Outcome.gone()
