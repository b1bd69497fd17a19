"""The canary's newest reminder."""

from datetime import datetime

from punctual.kit.canary import CANARY
from punctual.kit.pool import pool


async def promised() -> datetime | None:
    """For when the newest reminder that arrived had been promised; None before the first."""
    row = await pool("notification").one(
        "SELECT (data->>'fire_at')::timestamptz AS fire_at FROM notification"
        " WHERE user_id = %s AND NOT hidden AND kind = 'task.due' ORDER BY position DESC LIMIT 1",
        (CANARY,),
    )
    return row["fire_at"] if row else None
