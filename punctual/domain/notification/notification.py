"""A notification in somebody's inbox: read or not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.kit.errors import NotFound


@dataclass(slots=True)
class Notification:
    """What one event tells one person."""

    id: UUID
    kind: str
    title: str
    task_id: UUID | None
    project_id: UUID | None
    data: dict[str, Any]
    created_at: datetime
    read_at: datetime | None

    def mark(self, now: datetime, *, read: bool) -> bool:
        """Mark it read or unread; False when it was so already."""
        if read == (self.read_at is not None):
            return False
        self.read_at = now if read else None
        return True


def not_found(notification_id: UUID) -> NotFound:
    """The same answer for what doesn't exist and for what is somebody else's."""
    return NotFound(f"There is no notification {notification_id}.")
