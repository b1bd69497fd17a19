"""The replica of people; a new time zone moves what is promised to them, a lost account ends it."""

from uuid import UUID

from punctual.actors.task.reminders import rearm_person
from punctual.kit.listeners import Event, listener
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage.task import people as storage


@listener("task", events.USER_CREATED)
def user_created(transaction: Transaction, event: Event) -> None:
    """A new account."""
    _keep(transaction, event)


@listener("task", events.USER_UPDATED)
def user_updated(transaction: Transaction, event: Event) -> None:
    """A changed profile."""
    _keep(transaction, event)


@listener("task", events.USER_ROLE_CHANGED)
def user_role_changed(transaction: Transaction, event: Event) -> None:
    """A changed instance role."""
    _keep(transaction, event)


@listener("task", events.USER_DEACTIVATED)
def user_deactivated(transaction: Transaction, event: Event) -> None:
    """Somebody who may not sign in any more: their reminders are taken back."""
    _keep(transaction, event)


def _keep(transaction: Transaction, event: Event) -> None:
    person, user_id = event.payload, UUID(event.payload["user_id"])
    moved = storage.upsert(
        transaction,
        user_id,
        event.version,
        email=person["email"],
        display_name=person["display_name"],
        time_zone=person["time_zone"],
        active=person.get("active", True),
    )
    if moved:
        transaction.send(rearm_person.message(user_id=user_id))
