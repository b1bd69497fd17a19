"""Reading and unreading notifications."""

from datetime import datetime
from uuid import UUID

from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import notification as schemas
from punctual.storage.notification import inbox as storage


@command("notification")
def mark(transaction: Transaction, *, notification_id: UUID, read: bool) -> Outcome:
    """Mark one of the caller's notifications read or unread."""
    notification = storage.load(transaction, notification_id, transaction.caller.id)
    if notification.mark(transaction.now, read=read):
        storage.save(transaction, notification)
    return Outcome.ok(schemas.Notification().dump(notification))


@command("notification")
def mark_all(transaction: Transaction, *, until: datetime) -> Outcome:
    """Mark everything read that the caller had at that instant."""
    storage.read_all(transaction, transaction.caller.id, until)
    return Outcome.gone()
