"""How the auth service tells what happened."""

from collections.abc import Iterable
from uuid import UUID

from punctual.domain.auth.accounts import Account
from punctual.kit.transactions import Transaction
from punctual.schemas import events


def publish_created(transaction: Transaction, account: Account) -> None:
    """An account. Its profile is the user service's from then on, so this is always the first version."""
    payload = {
        "user_id": account.id,
        "email": account.email,
        "display_name": account.display_name,
        "time_zone": account.time_zone,
        "role": account.role,
    }
    transaction.publish(events.USER_CREATED, 1, payload)


def publish_revoked(transaction: Transaction, account_id: UUID | None, session_ids: Iterable[UUID]) -> None:
    """Sessions that ended before their time."""
    for session_id in session_ids:
        transaction.publish(events.SESSION_REVOKED, 1, {"session_id": session_id, "user_id": account_id})
