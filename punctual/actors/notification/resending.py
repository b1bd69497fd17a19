"""The ticks that wake the mail actors for what is due: held until now, again after a failure, or forgotten."""

from datetime import timedelta

from punctual.actors.notification.secrets import deliver_secrets
from punctual.actors.notification.sending import MAILS_PER_CALL, MOST_CALLS, wake
from punctual.kit.schedule import scheduled
from punctual.kit.transactions import Transaction
from punctual.storage.notification import holding, mails as storage

# Younger mails have been called for already.
OVERDUE = timedelta(seconds=5)
RELEASED_AT_ONCE = 1_000


@scheduled("notification", seconds=5)
def resend(transaction: Transaction) -> None:
    """Call for mails that should have been sent."""
    most = MOST_CALLS * MAILS_PER_CALL
    deliveries, secrets = storage.waiting(transaction, transaction.now - OVERDUE, most)
    wake(transaction, deliveries)
    if secrets:
        transaction.send(deliver_secrets.message())


@scheduled("notification", seconds=5)
def release(transaction: Transaction) -> bool:
    """Queue the e-mails whose time has come; whether they may go is judged again when they do."""
    released = holding.release(transaction, RELEASED_AT_ONCE)
    wake(transaction, released)
    return released == RELEASED_AT_ONCE
