"""The replica of people: where to write to, in whose zone, and whether at all."""

from uuid import UUID

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


for _event in (events.USER_CREATED, events.USER_UPDATED, events.USER_ROLE_CHANGED, events.USER_DEACTIVATED):
    listener("notification", _event)(keep)
