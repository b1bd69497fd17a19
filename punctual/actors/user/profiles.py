"""People change what they say of themselves."""

from typing import Any

from punctual.actors.user.publishing import publish_profile
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events, user as schemas
from punctual.storage import user as storage


@command("user")
def update(transaction: Transaction, *, changes: dict[str, Any]) -> Outcome:
    """Change the caller's display name, time zone or locale."""
    profile = storage.load(transaction, transaction.caller.id)
    transaction.guard(profile.version, lambda: schemas.Profile().dump(profile))
    if profile.change(**changes):
        storage.save(transaction, profile)
        publish_profile(transaction, events.USER_UPDATED, profile)
    return Outcome.ok(schemas.Profile().dump(profile), profile.version)
