"""Who is in a project, and as what."""

from uuid import UUID

from punctual.actors.project.publishing import publish_member
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage import project as storage


@command("project")
def set_member(transaction: Transaction, *, project: str, user_id: UUID, role: str) -> Outcome:
    """Add a member or change a member's role."""
    found = storage.load(transaction, project)
    known = user_id in found.roles
    changed = found.set_role(transaction.caller.id, user_id, role)
    name = storage.display_name(transaction, user_id, active=changed)
    if changed:
        storage.set_member(transaction, found, user_id, role)
        event = events.PROJECT_MEMBER_ROLE_CHANGED if known else events.PROJECT_MEMBER_ADDED
        publish_member(transaction, event, found, user_id)
    return Outcome.ok({"user_id": user_id, "display_name": name, "role": role})


@command("project")
def remove_member(transaction: Transaction, *, project: str, user_id: UUID) -> Outcome:
    """Remove a member, or leave."""
    found = storage.load(transaction, project)
    found.remove(transaction.caller.id, user_id)
    storage.remove_member(transaction, found, user_id)
    publish_member(transaction, events.PROJECT_MEMBER_REMOVED, found, user_id)
    return Outcome.gone()
