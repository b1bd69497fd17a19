"""Administrators decide who else is one, and who may come in."""

from uuid import UUID

from punctual.actors.user.publishing import publish_profile
from punctual.domain.user import Profile, demand_admin
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events, user as schemas
from punctual.storage import user as storage


@command("user")
def set_role(transaction: Transaction, *, user_id: UUID, role: str) -> Outcome:
    """Make somebody an administrator, or no longer one."""
    profile, admins = _guarded(transaction, user_id)
    if profile.set_role(role, admins):
        storage.save(transaction, profile)
        publish_profile(transaction, events.USER_ROLE_CHANGED, profile)
    return _shown(profile)


@command("user")
def set_active(transaction: Transaction, *, user_id: UUID, active: bool) -> Outcome:
    """Shut somebody out, or let them in again."""
    profile, admins = _guarded(transaction, user_id)
    if profile.set_active(admins, active=active):
        storage.save(transaction, profile)
        publish_profile(transaction, events.USER_UPDATED if active else events.USER_DEACTIVATED, profile)
    return _shown(profile)


def _guarded(transaction: Transaction, user_id: UUID) -> tuple[Profile, list[UUID]]:
    admins = storage.lock_admins(transaction)
    demand_admin(transaction.caller.id, admins)
    profile = storage.load(transaction, user_id)
    transaction.guard(profile.version, lambda: schemas.Profile().dump(profile))
    return profile, admins


def _shown(profile: Profile) -> Outcome:
    return Outcome.ok(schemas.Profile().dump(profile), profile.version)
