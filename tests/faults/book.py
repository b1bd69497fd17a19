"""The book of what was acknowledged, and of what must follow from it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

Row = tuple[Any, ...]


@dataclass(slots=True)
class Task:
    """A task as its creator, the only one who changes it, knows it."""

    id: str
    followers: set[UUID]
    completed: bool = False


@dataclass(slots=True)
class Book:
    """What must stand in the databases: rows by kind and mark, and notifications by person, kind and subject.

    Everything that is written carries a mark of its own, so that it can be counted, whoever asked for it twice.
    """

    prefix: str = field(default_factory=lambda: f"mark-{uuid4().hex[:8]}")
    rows: Counter[Row] = field(default_factory=Counter)
    notifications: Counter[Row] = field(default_factory=Counter)
    names: dict[UUID, str] = field(default_factory=dict)
    roles: dict[tuple[str, UUID], str] = field(default_factory=dict)
    keys: set[tuple[str, str]] = field(default_factory=set)

    def mark(self) -> str:
        """A word that stands nowhere yet."""
        return f"{self.prefix}-{uuid4().hex}"

    def tell(self, kind: str, subject: str, people: set[UUID], by: UUID) -> None:
        """These people are notified, but not who did it."""
        self.notifications.update((str(person), kind, subject) for person in people - {by})
