"""Republish every profile, so that replicas can be rebuilt."""

from uuid import UUID

from punctual.actors.user.publishing import publish_profile
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage import user as storage

BATCH = 100


@command("user")
def resync(transaction: Transaction, *, after: UUID | None = None) -> Outcome:
    """One batch of profiles as quiet events; sends itself on while there are more."""
    transaction.quiet = True
    profiles = storage.every_profile(transaction, after, BATCH)
    for profile in profiles:
        publish_profile(transaction, events.USER_UPDATED, profile)
    if len(profiles) == BATCH:
        transaction.send(resync.message(after=profiles[-1].id))
    return Outcome.gone()
