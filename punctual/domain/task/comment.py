"""Comments: who may change what was said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from punctual.kit.errors import Forbidden


@dataclass(slots=True)
class Comment:
    """Something said about a task."""

    id: UUID
    task_id: UUID
    author_id: UUID
    text: str
    mentions: list[UUID]
    created_at: datetime
    updated_at: datetime
    version: int = 1

    def edit(self, by: UUID | None, text: str, mentions: list[UUID], now: datetime) -> list[UUID]:
        """Say it otherwise; whom it mentions only now. Raises Forbidden for anybody but its author."""
        if by != self.author_id:
            raise Forbidden("Only its author may change a comment.")
        new = [user_id for user_id in mentions if user_id not in self.mentions]
        if text != self.text:
            self.text, self.mentions, self.updated_at = text, mentions, now
            self.version += 1
        return new

    def demand_deletion(self, by: UUID | None, *, admin: bool) -> None:
        """Raises Forbidden for anybody but its author and the project's admins."""
        if by != self.author_id and not admin:
            raise Forbidden("Only its author or an admin of the project may delete a comment.")
