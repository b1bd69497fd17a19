"""What became of commands, for whoever sent them."""

from typing import Any
from uuid import UUID

from punctual.kit.pool import pool


async def operation(service: str, operation_id: UUID) -> dict[str, Any] | None:
    """The stored operation: user_id, state and outcome; None while it may still be queued."""
    return await pool(service).one("SELECT user_id, state, outcome FROM operation WHERE id = %s", (operation_id,))
