"""Notifications that people send themselves to see whether they arrive."""

from datetime import timedelta
from uuid import UUID

from punctual.kit.transactions import Transaction

KEPT = timedelta(days=7)


def insert(transaction: Transaction, test_id: UUID, user_id: UUID) -> None:
    """A new test; the person's old ones go."""
    transaction.later(
        "DELETE FROM notification_test WHERE user_id = %s AND created_at < %s", (user_id, transaction.now - KEPT)
    )
    transaction.later(
        "INSERT INTO notification_test (id, user_id, created_at) VALUES (%s, %s, %s)",
        (test_id, user_id, transaction.now),
    )
