"""Test notifications: they go the whole way that a reminder goes, for the person to watch."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.actors.notification.telling import tell_all_of
from punctual.domain.notification import state_of, steps
from punctual.kit.commands import command
from punctual.kit.listeners import Event, listener
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events, notification as schemas
from punctual.storage.notification import testing as storage


@command("notification")
def begin_test(transaction: Transaction, *, test_id: UUID) -> Outcome:
    """Send the caller a test notification."""
    assert transaction.caller.id
    storage.insert(transaction, test_id, transaction.caller.id)
    payload = {"test_id": test_id, "user_id": transaction.caller.id}
    transaction.publish(events.NOTIFICATION_TESTED, 1, payload, test_id)
    return Outcome.created(f"/api/v1/notification-tests/{test_id}", shown(test_id, transaction.now))


@listener("notification", events.NOTIFICATION_TESTED)
def tested(transaction: Transaction, event: Event) -> None:
    """Tell whoever asked, though it was they who caused it."""
    tell_all_of(transaction, event, [UUID(event.payload["user_id"])])


def shown(
    test_id: UUID,
    accepted_at: datetime,
    notification_id: UUID | None = None,
    told_at: datetime | None = None,
    in_app: Mapping[str, Any] | None = None,
    email: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The representation."""
    way = steps(accepted_at, told_at, in_app, email)
    test = {"id": test_id, "state": state_of(way), "notification_id": notification_id, "steps": way}
    body: dict[str, Any] = schemas.NotificationTest().dump(test)
    return body
