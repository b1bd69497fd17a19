"""A task: its verbs, and what each of them makes happen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.domain.task.due import Due
from punctual.domain.task.project import Status
from punctual.kit.errors import Conflict, NotFound

MOST_ASSIGNEES = 100
MOST_WATCHERS = 2_000


class TooManyPeople(Conflict):
    """A task has a limited number of assignees and watchers."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What an event will tell: its name, what changed from what to what, and whom it names."""

    name: str
    changes: dict[str, list[Any]] = field(default_factory=dict)
    user_ids: tuple[UUID, ...] = ()


@dataclass(slots=True)
class Task:
    """One piece of work. `happened` gathers the events of this change; a change raises `version` once."""

    id: UUID
    project_id: UUID
    key: str
    number: int
    title: str
    description: str
    status: Status
    priority: str
    due: Due | None
    due_version: int
    assignees: list[UUID]
    watchers: list[UUID]
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None
    version: int = 1
    happened: list[Happening] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether there is still something to remind of."""
        return not self.status.closed

    def edit(self, now: datetime, **values: str) -> None:
        """Set title, description or priority."""
        changes = {name: [getattr(self, name), value] for name, value in values.items() if getattr(self, name) != value}
        for name, (_, value) in changes.items():
            setattr(self, name, value)
        # A description's text belongs to the task, not into every event and history row.
        told = {name: pair if name != "description" else [None, None] for name, pair in changes.items()}
        self._happen(now, Happening("task.updated", told) if changes else None)

    def schedule(self, now: datetime, due: Due | None) -> None:
        """Set or clear the deadline; every change is a new due_version."""
        if due == self.due:
            return
        changes = {"due": [_text(self.due), _text(due)]}
        self.due = due
        self.due_version += 1
        self._happen(now, Happening("task.due_changed", changes))

    def move(self, now: datetime, status: Status) -> None:
        """Change the status; entering done completes, leaving a closed status reopens."""
        if status.id == self.status.id:
            return
        name = "task.status_changed"
        if status.category == "done" and self.status.category != "done":
            name = "task.completed"
        elif self.status.closed and not status.closed:
            name = "task.reopened"
        changes = {"status": [self.status.name, status.name]}
        self.completed_at = (self.completed_at or now) if status.category == "done" else None
        self.status = status
        self._happen(now, Happening(name, changes))

    def settle(self, now: datetime) -> bool:
        """Follow the category that its status has got meanwhile; False when it did already."""
        done = self.status.category == "done"
        if done == (self.completed_at is not None):
            return False
        self.completed_at = now if done else None
        self._happen(now, Happening("task.completed" if done else "task.reopened"))
        return True

    def reassign(self, now: datetime, user_ids: Iterable[UUID]) -> None:
        """Make exactly these the assignees, in this order. Raises TooManyPeople."""
        wanted = list(dict.fromkeys(user_ids))
        if len(wanted) > MOST_ASSIGNEES:
            raise TooManyPeople(f"A task has at most {MOST_ASSIGNEES} assignees.", field="assignees")
        added = tuple(user_id for user_id in wanted if user_id not in self.assignees)
        removed = tuple(user_id for user_id in self.assignees if user_id not in wanted)
        changes = {"assignees": [list(self.assignees), wanted]}
        self.assignees = wanted
        self._happen(now, Happening("task.assigned", changes, added) if added else None)
        self._happen(now, Happening("task.unassigned", changes, removed) if removed else None)

    def assign(self, now: datetime, user_id: UUID) -> None:
        """Add an assignee."""
        self.reassign(now, [*self.assignees, user_id])

    def unassign(self, now: datetime, user_id: UUID) -> None:
        """Take an assignee off."""
        self.reassign(now, [assignee for assignee in self.assignees if assignee != user_id])

    def watch(self, user_id: UUID) -> bool:
        """Follow what happens to it; False when so already. Raises TooManyPeople."""
        if user_id in self.watchers:
            return False
        if len(self.watchers) >= MOST_WATCHERS:
            raise TooManyPeople(f"A task has at most {MOST_WATCHERS} watchers.", field="user_id")
        self.watchers = [*self.watchers, user_id]
        return True

    def unwatch(self, user_id: UUID) -> bool:
        """Follow it no more; False when so already."""
        if user_id not in self.watchers:
            return False
        self.watchers = [watcher for watcher in self.watchers if watcher != user_id]
        return True

    def remark(self, name: str, user_ids: Iterable[UUID] = ()) -> None:
        """Let something happen that changes nothing of the task itself: a comment, a mention, its deletion."""
        self.happened.append(Happening(name, {}, tuple(user_ids)))

    def _happen(self, now: datetime, happening: Happening | None) -> None:
        if happening is None:
            return
        if not self.happened:
            self.version += 1
        self.updated_at = now
        self.happened.append(happening)


def create(
    task_id: UUID,
    project_id: UUID,
    *,
    title: str,
    description: str,
    status: Status,
    priority: str,
    due: Due | None,
    assignees: Iterable[UUID],
    by: UUID,
    now: datetime,
) -> Task:
    """A new task, watched by its creator; it gets its number and key when it is stored. Raises TooManyPeople."""
    task = Task(
        task_id, project_id, "", 0, title, description, status, priority, due, 1, [], [by], by, now, now,
        completed_at=now if status.category == "done" else None,
    )  # fmt: skip
    task.remark("task.created")
    task.reassign(now, assignees)
    return task


def not_found(reference: object) -> NotFound:
    """The same answer for what doesn't exist and for what may not be seen."""
    return NotFound(f"There is no task {reference}.")


def _text(due: Due | None) -> str | None:
    return str(due) if due else None
