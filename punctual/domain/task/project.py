"""A project as the task service sees it: the caller's role there and its statuses."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from punctual.kit.errors import Conflict, Forbidden, Invalid, NotFound, NotReplicated

Category = Literal["backlog", "todo", "in_progress", "done", "cancelled"]
CLOSED = ("done", "cancelled")
RANKS = {"viewer": 0, "commenter": 1, "member": 2, "admin": 3, "owner": 4}
MOST_STATUSES = 50
DEFAULTS: tuple[tuple[str, Category], ...] = (
    ("Backlog", "backlog"),
    ("To do", "todo"),
    ("In progress", "in_progress"),
    ("Done", "done"),
    ("Cancelled", "cancelled"),
)


class ProjectArchived(Conflict):
    """An archived project is read-only."""


class StatusInUse(Conflict):
    """The status can't go while it is needed."""


class UnknownStatus(Invalid):
    """The project has no such status."""


class DefaultStatus(Invalid):
    """A project has exactly one default status, an open one."""


class StatusNameInUse(Conflict):
    """Another status of the project has this name."""


@dataclass(frozen=True, slots=True)
class Status:
    """One state of a project's workflow; logic depends only on its category."""

    id: UUID
    name: str
    category: Category
    position: int
    is_default: bool
    version: int = 1

    @property
    def closed(self) -> bool:
        """Whether work on a task in it is over."""
        return self.category in CLOSED


@dataclass(slots=True)
class Project:
    """Statuses are in order. `role` is None for an outsider."""

    id: UUID
    key: str
    archived: bool
    role: str | None
    statuses: list[Status]

    def demand(self, role: str, *, writing: bool = True) -> None:
        """Raises NotReplicated for an outsider (perhaps only not known yet), Forbidden for a member below `role`.

        Writing to an archived project raises ProjectArchived.
        """
        if self.role is None:
            raise NotReplicated(f"There is no project {self.id}.")
        if RANKS[self.role] < RANKS[role]:
            raise Forbidden(f"This needs the project role {role} or higher.")
        if writing and self.archived:
            raise ProjectArchived(f"The project {self.key} is archived; unarchive it first.")

    def status(self, status_id: UUID | None) -> Status:
        """The status of this id, or the default one. Raises UnknownStatus for another project's."""
        for status in self.statuses:
            if status.id == status_id or (status_id is None and status.is_default):
                return status
        raise UnknownStatus(f"The project {self.key} has no status {status_id}.", field="status_id")

    def first(self, category: Category) -> Status:
        """The first status of the category. Raises StatusInUse where the project has none."""
        for status in self.statuses:
            if status.category == category:
                return status
        raise StatusInUse(f"The project {self.key} has no status of the category {category}; create one first.")

    def add_status(self, status_id: UUID, name: str, category: Category, position: int | None) -> Status:
        """A new status, at `position` or last; the others make room."""
        self._name_is_free(name, None)
        if len(self.statuses) >= MOST_STATUSES:
            raise Conflict(f"A project has at most {MOST_STATUSES} statuses.")
        status = Status(status_id, name, category, len(self.statuses), is_default=False)
        self.statuses.append(status)
        return self._placed(status, position)

    def change_status(
        self,
        status_id: UUID,
        *,
        name: str | None = None,
        category: Category | None = None,
        position: int | None = None,
        is_default: bool | None = None,
    ) -> Status:
        """Rename, recategorise, move, or make the default; the version tells whether anything differs."""
        present = self.find(status_id)
        if name is not None:
            self._name_is_free(name, status_id)
        if is_default is False and present.is_default:
            raise DefaultStatus("A project has exactly one default; make another status it.", field="is_default")
        if is_default:
            self.statuses = [replace(status, is_default=False) for status in self.statuses]
        changed = replace(
            present,
            name=name or present.name,
            category=category or present.category,
            is_default=present.is_default if is_default is None else is_default,
        )
        if changed.is_default and changed.closed:
            raise DefaultStatus("New tasks can't begin in a closed status; choose an open default.", field="is_default")
        self.statuses = [changed if status.id == status_id else status for status in self.statuses]
        changed = self._placed(changed, position)
        if changed == present:
            return present
        changed = replace(changed, version=present.version + 1)
        self.statuses[changed.position] = changed
        return changed

    def remove_status(self, status_id: UUID) -> Status:
        """Take a status away. Raises StatusInUse for the default, and for the last of done."""
        status = self.find(status_id)
        if status.is_default:
            raise StatusInUse("The default status can't be deleted; make another one the default first.")
        if status.category == "done" and sum(other.category == "done" for other in self.statuses) == 1:
            raise StatusInUse("A project keeps a status of the category done, so that tasks can be completed.")
        others = [other for other in self.statuses if other.id != status_id]
        self.statuses = [replace(other, position=index) for index, other in enumerate(others)]
        return status

    def find(self, status_id: UUID) -> Status:
        """The status of this id. Raises NotFound."""
        for status in self.statuses:
            if status.id == status_id:
                return status
        raise NotFound(f"The project {self.key} has no status {status_id}.")

    def _name_is_free(self, name: str, status_id: UUID | None) -> None:
        if any(status.name.lower() == name.lower() and status.id != status_id for status in self.statuses):
            raise StatusNameInUse(f"The project has a status {name!r} already.", field="name")

    def _placed(self, status: Status, position: int | None) -> Status:
        if position is not None:
            others = [other for other in self.statuses if other.id != status.id]
            others.insert(min(position, len(others)), status)
            self.statuses = others
        self.statuses = [replace(each, position=index) for index, each in enumerate(self.statuses)]
        return next(each for each in self.statuses if each.id == status.id)


def status_in_use(status: Status) -> StatusInUse:
    """The rule that a status with tasks in it stays."""
    return StatusInUse(f"Tasks are in the status {status.name}, or were when deleted; move them first, or rename it.")
