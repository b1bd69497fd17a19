"""Republish every account, so that profiles and replicas that were lost come back."""

from uuid import UUID

from punctual.actors.auth.publishing import publish_created
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.storage.auth import accounts as storage

BATCH = 100


@command("auth")
def resync(transaction: Transaction, *, after: UUID | None = None) -> Outcome:
    """One batch of accounts as quiet events; sends itself on while there are more."""
    transaction.quiet = True
    accounts = storage.every_account(transaction, after, BATCH)
    for account in accounts:
        publish_created(transaction, account)
    if len(accounts) == BATCH:
        transaction.send(resync.message(after=accounts[-1].id))
    return Outcome.gone()
