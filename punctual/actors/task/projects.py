"""The replica of projects and memberships, and what a change there means for tasks."""

from uuid import UUID

from punctual.actors.task.arming import rearm_task
from punctual.actors.task.publishing import publish
from punctual.domain.task.project import DEFAULTS, Project, Status
from punctual.kit import ids
from punctual.kit.commands import command
from punctual.kit.listeners import Event, listener
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage.task import projects as storage, tasks

BATCH = 100


@listener("task", events.PROJECT_CREATED)
def project_created(transaction: Transaction, event: Event) -> None:
    """A new project gets the default statuses."""
    _keep(transaction, event)


@listener("task", events.PROJECT_UPDATED)
def project_updated(transaction: Transaction, event: Event) -> None:
    """A changed or unarchived project."""
    _keep(transaction, event)


@listener("task", events.PROJECT_ARCHIVED)
def project_archived(transaction: Transaction, event: Event) -> None:
    """Read-only from now on; its reminders are taken back when their time comes."""
    _keep(transaction, event)


@listener("task", events.PROJECT_DELETED)
def project_deleted(transaction: Transaction, event: Event) -> None:
    """Its tasks can't be seen any more."""
    _keep(transaction, event)


@listener("task", events.PROJECT_MEMBER_ADDED)
def member_added(transaction: Transaction, event: Event) -> None:
    """Somebody came in."""
    storage.upsert_member(transaction, event.payload, event.version)


@listener("task", events.PROJECT_MEMBER_ROLE_CHANGED)
def member_role_changed(transaction: Transaction, event: Event) -> None:
    """Somebody's role changed."""
    storage.upsert_member(transaction, event.payload, event.version)


@listener("task", events.PROJECT_MEMBER_REMOVED)
def member_removed(transaction: Transaction, event: Event) -> None:
    """Somebody left: they are taken off the project's tasks."""
    if storage.upsert_member(transaction, event.payload, event.version):
        project_id, user_id = UUID(event.payload["project_id"]), UUID(event.payload["user_id"])
        transaction.send(take_off.message(project_id=project_id, user_id=user_id))


@command("task")
def take_off(transaction: Transaction, *, project_id: UUID, user_id: UUID, after: UUID | None = None) -> Outcome:
    """Unassign one batch of a former member's tasks; sends itself on while there are more.

    Who is back already keeps them, and is promised what was not while they were away.
    """
    back = storage.is_member(transaction, project_id, user_id)
    batch = tasks.load_batch(
        transaction,
        "task.project_id = %s AND (%s = ANY(task.assignees) OR %s = ANY(task.watchers))"
        " AND (%s::uuid IS NULL OR task.id > %s)",
        (project_id, user_id, user_id, after, after),
        BATCH,
    )
    for task, _ in batch:
        if not back:
            task.unassign(transaction.now, user_id)
            task.unwatch(user_id)
            tasks.save(transaction, task)
        rearm_task(transaction, task, [user_id])
        publish(transaction, task)
    if len(batch) == BATCH:
        transaction.send(take_off.message(project_id=project_id, user_id=user_id, after=batch[-1][0].id))
    return Outcome.gone()


def _keep(transaction: Transaction, event: Event) -> None:
    if storage.upsert(transaction, event.payload, event.version):
        statuses = [
            Status(ids.uuid7(), name, category, position, is_default=category == "todo")
            for position, (name, category) in enumerate(DEFAULTS)
        ]
        payload = event.payload
        project = Project(UUID(payload["project_id"]), payload["key"], payload["archived"], None, statuses)
        storage.save_statuses(transaction, project)
