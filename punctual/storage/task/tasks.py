"""Tasks with their project: loaded for update, saved, and their history."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from punctual.domain.task.due import Due
from punctual.domain.task.project import Project, UnknownStatus
from punctual.domain.task.task import Task, not_found
from punctual.kit import wire
from punctual.kit.errors import DomainError, NotReplicated
from punctual.kit.transactions import Row, Transaction
from punctual.storage.task.projects import OF_KEY, PROJECT, former_keys_of, project_of

KEY = re.compile(r"([A-Z][A-Z0-9]{1,9})-([1-9][0-9]{0,8})")
_COLUMNS = """task.id, task.number, task.title, task.description, task.status_id, task.priority, task.due_date,
    task.due_at, task.due_version, task.assignees, task.watchers, task.created_by, task.created_at, task.updated_at,
    task.completed_at, task.version"""


def load(transaction: Transaction, reference: str) -> tuple[Task, Project]:
    """A task by id or key, locked, and its project with the caller's role.

    Raises NotReplicated (a NotFound) where there is none or the caller is an outsider.
    """
    values: tuple[object, ...]
    if match := KEY.fullmatch(reference):
        where, values = (
            f"project.id = {OF_KEY} AND task.number = %s AND NOT project.deleted",
            (match[1], match[1], int(match[2])),
        )
    else:
        where, values = "task.id = %s AND NOT project.deleted", (reference,)
    row = transaction.one(
        f"SELECT {_COLUMNS}, {PROJECT} FROM task JOIN project ON project.id = task.project_id"
        f" WHERE {where} AND task.deleted_at IS NULL FOR UPDATE OF task",
        (transaction.caller.id, *values),
    )
    if row is None or row["role"] is None:
        raise NotReplicated(not_found(reference).detail)
    return _task(row)


def load_batch(transaction: Transaction, where: str, values: Sequence[Any], limit: int) -> list[tuple[Task, Project]]:
    """Living tasks by a condition over `task`, in id order, locked."""
    rows = transaction.all(
        f"SELECT {_COLUMNS}, {PROJECT} FROM task JOIN project ON project.id = task.project_id"
        f" WHERE task.deleted_at IS NULL AND NOT project.deleted AND {where} ORDER BY task.id LIMIT %s"
        " FOR UPDATE OF task",
        (transaction.caller.id, *values, limit),
    )
    return [_task(row) for row in rows]


def load_many(transaction: Transaction, project: Project, references: Sequence[str]) -> dict[str, Task]:
    """Those of these tasks (ids or keys) that live in the project, by their references; locked."""
    keys = {reference: match for reference in references if (match := KEY.fullmatch(reference))}
    others = {match[1] for match in keys.values()} - {project.key}
    former = former_keys_of(transaction, project, others) if others else set[str]()
    numbers = {name: int(match[2]) for name, match in keys.items() if match[1] in (project.key, *former)}
    batch = load_batch(
        transaction,
        "task.project_id = %s AND (task.id = ANY(%s::uuid[]) OR task.number = ANY(%s::integer[]))",
        (project.id, [reference for reference in references if reference not in keys], list(numbers.values())),
        len(references),
    )
    by_id = {str(task.id): task for task, _ in batch}
    by_number = {task.number: task for task, _ in batch}
    found = {
        reference: by_number.get(numbers[reference]) if reference in numbers else by_id.get(reference.lower())
        for reference in references
    }
    return {reference: task for reference, task in found.items() if task}


def insert(transaction: Transaction, task: Task) -> None:
    """A new task. Breaks UnknownStatus when its status was deleted meanwhile."""
    due_date, due_at = task.due.columns() if task.due else (None, None)
    transaction.later(
        "INSERT INTO task (id, project_id, number, title, description, status_id, priority, due_date, due_at,"
        " due_version, assignees, watchers, created_by, created_at, updated_at, completed_at, version)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s::uuid[], %s, %s, %s, %s, %s)",
        (
            task.id, task.project_id, task.number, task.title, task.description, task.status.id, task.priority,
            due_date, due_at, task.due_version, task.assignees, task.watchers, task.created_by, task.created_at,
            task.updated_at, task.completed_at, task.version,
        ),
        violates=_status_gone(task),
    )  # fmt: skip


def save(transaction: Transaction, task: Task) -> None:
    """What may change of a task. Breaks UnknownStatus when its status was deleted meanwhile."""
    due_date, due_at = task.due.columns() if task.due else (None, None)
    transaction.later(
        "UPDATE task SET title = %s, description = %s, status_id = %s, priority = %s, due_date = %s, due_at = %s,"
        " due_version = %s, assignees = %s::uuid[], watchers = %s::uuid[], updated_at = %s, completed_at = %s,"
        " version = %s WHERE id = %s",
        (
            task.title, task.description, task.status.id, task.priority, due_date, due_at, task.due_version,
            task.assignees, task.watchers, task.updated_at, task.completed_at, task.version, task.id,
        ),
        violates=_status_gone(task),
    )  # fmt: skip


def delete(transaction: Transaction, task_id: UUID) -> None:
    """Mark a task deleted."""
    transaction.later("UPDATE task SET deleted_at = %s WHERE id = %s", (transaction.now, task_id))


def record(transaction: Transaction, entries: Sequence[tuple[UUID, UUID, str, dict[str, Any]]]) -> None:
    """History rows: event id, task id, event name and changes."""
    values = [
        (event_id, task_id, name, transaction.caller.id, transaction.now, wire.dumps(changes).decode())
        for event_id, task_id, name, changes in entries
    ]
    places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(values))
    transaction.later(
        f"INSERT INTO history (id, task_id, name, caller_id, occurred_at, changes) VALUES {places}",
        [value for row in values for value in row],
    )


def _status_gone(task: Task) -> dict[str, DomainError]:
    gone = UnknownStatus(f"The status {task.status.name} was deleted just now; choose another.", field="status_id")
    return {"task_status_id_fkey": gone}


def _task(row: Row) -> tuple[Task, Project]:
    project = project_of(row)
    due: Due | None = Due.from_columns(row["due_date"], row["due_at"])
    task = Task(
        row["id"], project.id, f"{project.key}-{row['number']}", row["number"], row["title"], row["description"],
        project.status(row["status_id"]), row["priority"], due, row["due_version"], row["assignees"],
        row["watchers"], row["created_by"], row["created_at"], row["updated_at"], row["completed_at"], row["version"],
    )  # fmt: skip
    return task, project
