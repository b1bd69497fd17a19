"""What a line of quick add may name: projects and people; and whose clock it is read by."""

from collections.abc import Sequence
from uuid import UUID

from punctual.kit.pool import Row, pool
from punctual.queries.task.visibility import MINE


async def places(user_id: UUID, keys: Sequence[str], project_id: UUID | None) -> list[Row]:
    """The caller's projects with one of these keys or this id: `id`, `key`, `name`."""
    return await pool("task").all(
        f"SELECT project.id, project.key, project.name FROM project {MINE}"
        " WHERE (project.key = ANY(%s) OR project.id = %s) AND NOT project.deleted",
        (user_id, list(keys), project_id),
    )


async def members(project_id: UUID) -> list[Row]:
    """Everybody active in a project: `user_id`, `email`, `display_name`."""
    return await pool("task").all(
        "SELECT person.user_id, person.email, person.display_name FROM member"
        " JOIN person ON person.user_id = member.user_id AND person.active"
        " WHERE member.project_id = %s AND member.role IS NOT NULL",
        (project_id,),
    )


async def time_zone(user_id: UUID) -> str:
    """The person's time zone; UTC where they aren't known yet."""
    row = await pool("task").one("SELECT time_zone FROM person WHERE user_id = %s", (user_id,))
    return str(row["time_zone"]) if row else "UTC"
