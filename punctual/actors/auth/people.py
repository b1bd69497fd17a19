"""What the user service decides about people: names, roles, and who may sign in at all."""

from uuid import UUID

from punctual.actors.auth.publishing import publish_revoked
from punctual.domain.auth.accounts import Profile
from punctual.kit.listeners import Event, listener
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage.auth import accounts, sessions


@listener("auth", events.USER_UPDATED)
def user_updated(transaction: Transaction, event: Event) -> None:
    """A changed profile, or somebody who may sign in again."""
    _follow(transaction, event)


@listener("auth", events.USER_ROLE_CHANGED)
def user_role_changed(transaction: Transaction, event: Event) -> None:
    """A changed instance role."""
    _follow(transaction, event)


@listener("auth", events.USER_DEACTIVATED)
def user_deactivated(transaction: Transaction, event: Event) -> None:
    """Somebody who may not sign in any more."""
    _follow(transaction, event)


def _follow(transaction: Transaction, event: Event) -> None:
    told = event.payload
    account = accounts.find(transaction, UUID(told["user_id"]))
    if account is None:
        return
    profile = Profile(told["display_name"], told["time_zone"], told["role"], told["active"])
    if account.follow(profile, event.version, transaction.now):
        publish_revoked(transaction, account.id, sessions.end_all(transaction, account.id))
    accounts.save(transaction, account)
