"""What the canary was told."""

from punctual.kit.canary import CANARY
from punctual.kit.transactions import Transaction


def forget(transaction: Transaction) -> None:
    """All of it but the newest, which says that reminders arrive."""
    transaction.later(
        "DELETE FROM notification WHERE user_id = %s AND position <"
        " (SELECT max(position) FROM notification WHERE user_id = %s AND kind = 'task.due')",
        (CANARY, CANARY),
    )
