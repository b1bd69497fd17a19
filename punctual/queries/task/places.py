"""What a line of quick add may name: projects and people; and whose clock it is read by."""

from collections.abc import Sequence
from uuid import UUID

from punctual.kit.pool import Row, pool
from punctual.queries.task.visibility import MINE


async def places(user_id: UUID, keys: Sequence[str], project_id: UUID | None) -> list[Row]:
    """The caller's projects with one of these keys or this id: `id`, `key`, `name`, those `former_keys` of these."""
    wanted = list(keys)
    return await pool("task").all(
        "SELECT project.id, project.key, project.name, ARRAY(SELECT former_key.key FROM former_key"
        " WHERE former_key.project_id = project.id AND former_key.key = ANY(%s::text[])) AS former_keys"
        f" FROM project {MINE} WHERE (project.key = ANY(%s) OR project.id = %s OR project.id IN"
        " (SELECT former_key.project_id FROM former_key WHERE former_key.key = ANY(%s))) AND NOT project.deleted",
        (wanted, user_id, wanted, project_id, wanted),
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
