"""The replica of people, fed from events."""

from uuid import UUID

from punctual.kit.listeners import Event, listener
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage import project as storage


@listener("project", events.USER_CREATED)
def user_created(transaction: Transaction, event: Event) -> None:
    """A new account."""
    _keep(transaction, event)


@listener("project", events.USER_UPDATED)
def user_updated(transaction: Transaction, event: Event) -> None:
    """A changed profile."""
    _keep(transaction, event)


@listener("project", events.USER_ROLE_CHANGED)
def user_role_changed(transaction: Transaction, event: Event) -> None:
    """A changed instance role."""
    _keep(transaction, event)


@listener("project", events.USER_DEACTIVATED)
def user_deactivated(transaction: Transaction, event: Event) -> None:
    """Somebody who may not sign in any more."""
    _keep(transaction, event)


def _keep(transaction: Transaction, event: Event) -> None:
    person = event.payload
    storage.upsert_person(
        transaction,
        UUID(person["user_id"]),
        person["email"],
        person["display_name"],
        event.version,
        active=person.get("active", True),
    )
