"""Every account gets a profile."""

from uuid import UUID

from punctual.domain.user import LOCALE, Profile
from punctual.kit.listeners import Event, listener
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage import user as storage


@listener("user", events.USER_CREATED)
def user_created(transaction: Transaction, event: Event) -> None:
    """A new account; what is said of an old one again changes nothing."""
    told = event.payload
    profile = Profile(
        UUID(told["user_id"]),
        told["email"],
        told["display_name"],
        told["time_zone"],
        LOCALE,
        told["role"],
        active=True,
        created_at=event.occurred_at,
        version=event.version,
    )
    storage.insert(transaction, profile)
