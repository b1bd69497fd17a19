"""Create, change, move, assign, watch, complete and delete tasks."""

from typing import Any
from uuid import UUID

from punctual.actors.task.arming import arm_new, rearm_task
from punctual.actors.task.publishing import publish
from punctual.domain.task import task as domain
from punctual.domain.task.due import Due
from punctual.domain.task.project import RANKS, Project
from punctual.domain.task.reminders import Reason
from punctual.domain.task.task import Task
from punctual.kit.commands import command
from punctual.kit.errors import Forbidden
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import task as schemas
from punctual.storage.task import people, projects, reminders as ledger, tasks as storage

_SCHEMA = schemas.Task()


@command("task", together="project")
def create(
    transaction: Transaction,
    *,
    task_id: UUID,
    project: str,
    title: str,
    description: str,
    status_id: UUID | None,
    priority: str,
    due: str | None,
    assignees: list[UUID],
) -> Outcome:
    """A new task, watched by its creator, its assignees promised their reminders."""
    assert transaction.caller.id
    found = projects.load(transaction, project)
    found.demand("member")
    task = domain.create(
        task_id, found.id, title=title, description=description, status=found.status(status_id), priority=priority,
        due=_due(due), assignees=assignees, by=transaction.caller.id, now=transaction.now,
    )  # fmt: skip
    persons = people.demand_members(transaction, found.id, task.assignees, "assignees")
    task.number = projects.next_number(transaction, found.id)
    task.key = f"{found.key}-{task.number}"
    storage.insert(transaction, task)
    arm_new(transaction, task, persons.values())
    publish(transaction, task)
    return Outcome.created(f"/api/v1/tasks/{task.id}", body(task), task.version)


@command("task")
def update(transaction: Transaction, *, task: str, changes: dict[str, Any]) -> Outcome:
    """Change any of title, description, priority, status, due and assignees at once."""
    found, project = _guarded(transaction, task)
    if "status_id" in changes:
        found.move(transaction.now, project.status(_uuid(changes.pop("status_id"))))
    if "due" in changes:
        found.schedule(transaction.now, _due(changes.pop("due")))
    if "assignees" in changes:
        _reassign(transaction, found, [UUID(user_id) for user_id in changes.pop("assignees")])
    found.edit(transaction.now, **changes)
    return _changed(transaction, found)


@command("task")
def assign(transaction: Transaction, *, task: str, user_id: UUID) -> Outcome:
    """Add an assignee."""
    found, _ = _guarded(transaction, task)
    _reassign(transaction, found, [*found.assignees, user_id])
    return _changed(transaction, found)


@command("task")
def unassign(transaction: Transaction, *, task: str, user_id: UUID) -> Outcome:
    """Take an assignee off."""
    found, _ = _guarded(transaction, task)
    found.unassign(transaction.now, user_id)
    return _changed(transaction, found)


@command("task")
def complete(transaction: Transaction, *, task: str) -> Outcome:
    """Move to the project's first status of the category done."""
    found, project = _guarded(transaction, task)
    if found.status.category != "done":
        found.move(transaction.now, project.first("done"))
    return _changed(transaction, found)


@command("task")
def reopen(transaction: Transaction, *, task: str) -> Outcome:
    """Move a closed task back to the project's default status."""
    found, project = _guarded(transaction, task)
    if not found.open:
        found.move(transaction.now, project.status(None))
    return _changed(transaction, found)


@command("task")
def watch(transaction: Transaction, *, task: str, user_id: UUID, watching: bool) -> Outcome:
    """Follow a task or stop following; others only by members who may write."""
    found, project = storage.load(transaction, task)
    project.demand("viewer" if user_id == transaction.caller.id else "member", writing=False)
    people.demand_members(transaction, project.id, [user_id] if watching else [], "user_id")
    if found.watch(user_id) if watching else found.unwatch(user_id):
        storage.save(transaction, found)
        rearm_task(transaction, found, [user_id])
    return Outcome.gone()


@command("task")
def delete(transaction: Transaction, *, task: str) -> Outcome:
    """Delete a task; by its creator, or an admin of the project."""
    found, project = _guarded(transaction, task)
    if found.created_by != transaction.caller.id and RANKS[project.role or "viewer"] < RANKS["admin"]:
        raise Forbidden("Only its creator or an admin of the project may delete a task.")
    found.version += 1
    found.remark("task.deleted")
    storage.delete(transaction, found.id)
    ledger.cancel(transaction, found.id, Reason.DELETED)
    publish(transaction, found)
    return Outcome.gone()


def body(task: Task) -> dict[str, Any]:
    """A task's representation."""
    dumped: dict[str, Any] = _SCHEMA.dump(task)
    return dumped


def store(transaction: Transaction, task: Task) -> None:
    """Save what happened to the task, fit its reminders to it, and tell."""
    names = {happening.name for happening in task.happened}
    if names:
        storage.save(transaction, task)
    if names - {"task.updated"}:
        rearm_task(transaction, task)
    publish(transaction, task)


def _guarded(transaction: Transaction, reference: str) -> tuple[Task, Project]:
    found, project = storage.load(transaction, reference)
    project.demand("member")
    transaction.guard(found.version, lambda: body(found))
    return found, project


def _reassign(transaction: Transaction, task: Task, user_ids: list[UUID]) -> None:
    added = [user_id for user_id in user_ids if user_id not in task.assignees]
    people.demand_members(transaction, task.project_id, added, "assignees")
    task.reassign(transaction.now, user_ids)


def _changed(transaction: Transaction, task: Task) -> Outcome:
    store(transaction, task)
    return Outcome.ok(body(task), task.version)


def _due(text: str | None) -> Due | None:
    return None if text is None else Due.parse(text)


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
