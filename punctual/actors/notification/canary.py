"""The canary's inbox must not grow."""

from punctual.kit.schedule import scheduled
from punctual.kit.transactions import Transaction
from punctual.storage.notification import canary as storage


@scheduled("notification", seconds=60)
def forget_canaries(transaction: Transaction) -> None:
    """Only the newest of its notifications says anything."""
    storage.forget(transaction)
