"""How the user service tells what happened."""

from punctual.domain.user import Profile
from punctual.kit.transactions import Transaction
from punctual.schemas.events import EventType


def publish_profile(transaction: Transaction, event: EventType, profile: Profile) -> None:
    """A person's whole state."""
    payload = {
        "user_id": profile.id,
        "email": profile.email,
        "display_name": profile.display_name,
        "time_zone": profile.time_zone,
        "locale": profile.locale,
        "role": profile.role,
        "active": profile.active,
    }
    transaction.publish(event, profile.version, payload)
