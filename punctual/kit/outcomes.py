"""What became of a command: stored with it, sent back to its handler, and answered again to a repeat."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

State = Literal["done", "rejected", "failed"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a signed-in user, or nobody (`id` is None) where a route is open; the system itself likewise."""

    id: UUID | None = None
    role: str = "user"
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The HTTP answer of a command. `version` becomes the ETag; `problem` is set when it was rejected or failed."""

    status: int
    body: Any = None
    location: str | None = None
    version: int | None = None
    state: State = "done"

    @classmethod
    def ok(cls, body: Any, version: int | None = None) -> "Outcome":
        """200 with a representation."""
        return cls(200, body, version=version)

    @classmethod
    def created(cls, location: str, body: Any, version: int | None = None) -> "Outcome":
        """201 with a representation and its address."""
        return cls(201, body, location, version)

    @classmethod
    def gone(cls) -> "Outcome":
        """204: done, nothing to show."""
        return cls(204)

    @classmethod
    def rejected(cls, problem: dict[str, Any]) -> "Outcome":
        """A broken rule, as its problem."""
        return cls(problem["status"], problem, state="rejected")

    @classmethod
    def restore(cls, fields: dict[str, Any]) -> "Outcome":
        """Back from storage or from the wire."""
        return cls(**fields)

    def fields(self) -> dict[str, Any]:
        """For storage and for the wire."""
        return {name: getattr(self, name) for name in self.__slots__}
