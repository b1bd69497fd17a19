"""The tick that wakes the mail actors for what is due: again after a failure, after a lost lease, or forgotten."""

from datetime import timedelta

from punctual.actors.notification.digests import deliver_digests
from punctual.actors.notification.secrets import deliver_secrets
from punctual.actors.notification.sending import MAILS_PER_CALL, MOST_CALLS, wake
from punctual.kit.schedule import scheduled
from punctual.kit.transactions import Transaction
from punctual.storage.notification import mails as storage

# Younger mails have been called for already.
OVERDUE = timedelta(seconds=5)


@scheduled("notification", seconds=5)
def resend(transaction: Transaction) -> None:
    """Call for mails that should have been sent."""
    most = MOST_CALLS * MAILS_PER_CALL
    deliveries, secrets, digests = storage.waiting(transaction, transaction.now - OVERDUE, most)
    wake(transaction, deliveries)
    if secrets:
        transaction.send(deliver_secrets.message())
    if digests:
        transaction.send(deliver_digests.message())
