"""The replica of people: where to write to, in whose zone, and whether at all."""

from uuid import UUID

from punctual.actors.notification.holding import hold_anew
from punctual.kit.listeners import Event, listener
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage.notification import replicas
from punctual.storage.notification.replicas import Person


def keep(transaction: Transaction, event: Event) -> None:
    """A person as the event tells; auth's first one doesn't know locale and activity yet."""
    payload = event.payload
    person = Person(
        UUID(payload["user_id"]),
        payload["email"],
        payload["display_name"],
        payload["time_zone"],
        payload.get("locale", "en"),
        payload.get("active", True),
        event.version,
    )
    replicas.upsert_person(transaction, person)


@listener("notification", events.USER_UPDATED)
def user_updated(transaction: Transaction, event: Event) -> None:
    """Perhaps by another clock from now on."""
    keep(transaction, event)
    hold_anew(transaction, UUID(event.payload["user_id"]))


for _event in (events.USER_CREATED, events.USER_ROLE_CHANGED, events.USER_DEACTIVATED):
    listener("notification", _event)(keep)
