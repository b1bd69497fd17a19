"""A project's statuses, for its admins."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from punctual.actors.task.arming import rearm_task
from punctual.actors.task.publishing import publish
from punctual.domain.task.project import Project, Status, status_in_use
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import EventType, Transaction
from punctual.schemas import events, task as schemas
from punctual.storage.task import projects as storage, tasks

BATCH = 100


@command("task")
def create_status(
    transaction: Transaction,
    *,
    project: str,
    status_id: UUID,
    name: str,
    category: Any,
    position: int | None = None,
    is_default: bool | None = None,
) -> Outcome:
    """A new status, last unless `position` says otherwise."""
    found = _load(transaction, project)
    status = found.add_status(status_id, name, category, position)
    if is_default:
        status = found.change_status(status_id, is_default=True)
    storage.save_statuses(transaction, found)
    _publish(transaction, events.STATUS_CREATED, found, status)
    location = f"/api/v1/projects/{found.id}/statuses/{status_id}"
    return Outcome.created(location, _body(status), status.version)


@command("task")
def update_status(transaction: Transaction, *, project: str, status_id: UUID, changes: dict[str, Any]) -> Outcome:
    """Rename, recategorise, move, or make the default."""
    found = _load(transaction, project)
    former = _guarded(transaction, found, status_id)
    status = found.change_status(status_id, **changes)
    if status.version > former.version:
        storage.save_statuses(transaction, found)
        _publish(transaction, events.STATUS_UPDATED, found, status, former)
    if status.category != former.category:
        transaction.send(recategorise.message(project_id=found.id, status_id=status_id))
    return Outcome.ok(_body(status), status.version)


@command("task")
def delete_status(transaction: Transaction, *, project: str, status_id: UUID) -> Outcome:
    """Delete a status that no task is in."""
    found = _load(transaction, project)
    _guarded(transaction, found, status_id)
    status = found.remove_status(status_id)
    if storage.status_is_used(transaction, found.id, status_id):
        raise status_in_use(status)
    storage.delete_status(transaction, status)
    storage.save_statuses(transaction, found)
    _publish(transaction, events.STATUS_DELETED, found, status)
    return Outcome.gone()


@command("task")
def recategorise(transaction: Transaction, *, project_id: UUID, status_id: UUID, after: UUID | None = None) -> Outcome:
    """Complete or reopen one batch of the tasks in a status whose category changed; sends itself on."""
    transaction.quiet = True
    batch = tasks.load_batch(
        transaction,
        "task.project_id = %s AND task.status_id = %s AND (%s::uuid IS NULL OR task.id > %s)",
        (project_id, status_id, after, after),
        BATCH,
    )
    for task, _ in batch:
        if task.settle(transaction.now):
            tasks.save(transaction, task)
        rearm_task(transaction, task)
        publish(transaction, task)
    if len(batch) == BATCH:
        transaction.send(recategorise.message(project_id=project_id, status_id=status_id, after=batch[-1][0].id))
    return Outcome.gone()


def _load(transaction: Transaction, reference: str) -> Project:
    found = storage.load(transaction, reference, lock=True)
    found.demand("admin")
    return found


def _guarded(transaction: Transaction, project: Project, status_id: UUID) -> Status:
    status = project.find(status_id)
    transaction.guard(status.version, lambda: _body(status))
    return status


def _publish(
    transaction: Transaction, event: EventType, project: Project, status: Status, former: Status | None = None
) -> None:
    now, before = asdict(status), asdict(former or status)
    told = {name: now[name] for name in ("name", "category", "position", "is_default")}
    changes = {name: [before[name], value] for name, value in told.items() if before[name] != value}
    place = {"status_id": status.id, "project_id": project.id, "project_key": project.key}
    transaction.publish(event, status.version, {**place, **told, "changes": changes})


def _body(status: Status) -> dict[str, Any]:
    body: dict[str, Any] = schemas.Status().dump(status)
    return body
