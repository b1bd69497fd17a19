"""One change of many tasks of a project: each judged by itself, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from punctual.actors.task.tasks import store
from punctual.domain.task.due import Due
from punctual.domain.task.project import Project, Status
from punctual.domain.task.task import Task, not_found
from punctual.kit.commands import command
from punctual.kit.errors import DomainError
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.storage.task import people, projects, tasks as storage


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of each task; None leaves it as it is."""

    status: Status | None
    due: tuple[Due | None] | None
    values: dict[str, str]
    add: Sequence[UUID]
    remove: Sequence[UUID]

    def apply(self, transaction: Transaction, task: Task) -> None:
        """Raises what the verbs of a task raise."""
        kept = [user_id for user_id in task.assignees if user_id not in self.remove]
        task.reassign(transaction.now, [*kept, *self.add])
        if self.status:
            task.move(transaction.now, self.status)
        if self.due:
            task.schedule(transaction.now, self.due[0])
        task.edit(transaction.now, **self.values)


@command("task")
def update_many(transaction: Transaction, *, project: str, tasks: list[str], changes: dict[str, Any]) -> Outcome:
    """Change up to a hundred tasks alike. What no task could take rejects it all; a task's own objection only it."""
    found = projects.load(transaction, project)
    found.demand("member")
    change = _change(transaction, found, changes)
    loaded = storage.load_many(transaction, found, tasks)
    told = {
        task.id: _outcome(transaction, task, change) for task in {task.id: task for task in loaded.values()}.values()
    }
    items = [
        {"task": reference, **(told[loaded[reference].id] if reference in loaded else _missing(reference))}
        for reference in dict.fromkeys(tasks)
    ]
    return Outcome.ok({"items": items})


def _change(transaction: Transaction, project: Project, changes: dict[str, Any]) -> _Change:
    add = [UUID(user_id) for user_id in changes.get("add_assignees", ())]
    people.demand_members(transaction, project.id, add, "add_assignees")
    return _Change(
        project.status(UUID(changes["status_id"])) if "status_id" in changes else None,
        (Due.parse(changes["due"]) if changes["due"] else None,) if "due" in changes else None,
        {name: changes[name] for name in ("priority",) if name in changes},
        add,
        [UUID(user_id) for user_id in changes.get("remove_assignees", ())],
    )


def _outcome(transaction: Transaction, task: Task, change: _Change) -> dict[str, Any]:
    version = task.version
    try:
        change.apply(transaction, task)
    except DomainError as error:
        return _told("rejected", task.id, task.key, version, error.problem())
    store(transaction, task)
    return _told("changed" if task.version > version else "unchanged", task.id, task.key, task.version)


def _missing(reference: str) -> dict[str, Any]:
    return _told("rejected", problem=not_found(reference).problem())


def _told(
    state: str,
    task_id: UUID | None = None,
    key: str | None = None,
    version: int | None = None,
    problem: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {"state": state, "id": task_id, "key": key, "version": version, "problem": problem}
