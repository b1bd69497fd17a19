"""Republish every project and membership, so that replicas can be rebuilt."""

from uuid import UUID

from punctual.actors.project.publishing import publish_member, publish_project
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage import project as storage

BATCH = 100


@command("project")
def resync(transaction: Transaction, *, after: UUID | None = None) -> Outcome:
    """One batch of projects as quiet events; sends itself on while there are more."""
    transaction.quiet = True
    projects = storage.every_project(transaction, after, BATCH)
    for project in projects:
        publish_project(transaction, events.PROJECT_UPDATED, project)
        for user_id in project.roles:
            publish_member(transaction, events.PROJECT_MEMBER_ROLE_CHANGED, project, user_id)
    if len(projects) == BATCH:
        transaction.send(resync.message(after=projects[-1].id))
    return Outcome.gone()
