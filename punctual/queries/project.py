"""Projects as their members may see them: membership is part of every WHERE."""

from typing import Any
from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

BY_NAME = Sort("name", (("lower(project.name)", "text"), ("project.id", "uuid")))
NEWEST = Sort("-created_at", (("project.id", "uuid"),), descending=True)
PROJECT_SORTS = (BY_NAME, NEWEST)
MEMBERS_BY_ID = Sort("user_id", (("member.user_id", "uuid"),))
INVITATIONS_NEWEST = Sort("-created_at", (("invitation.id", "uuid"),), descending=True)

_PROJECT = """json_build_object('id', project.id, 'key', project.key, 'former_keys',
    ARRAY(SELECT key FROM former_key WHERE project_id = project.id ORDER BY retired_at), 'name', project.name,
    'description', project.description, 'role', mine.role, 'archived', project.archived,
    'created_by', project.created_by, 'created_at', rfc3339(project.created_at),
    'updated_at', rfc3339(project.updated_at), 'version', project.version)::text"""
# By a former key only where no project has it now.
_BY_KEY = """project.id = coalesce((SELECT id FROM project WHERE key = %s AND deleted_at IS NULL),
    (SELECT project_id FROM former_key WHERE key = %s))"""
_MINE = "JOIN member mine ON mine.project_id = project.id AND mine.user_id = %s"


async def project(reference: str, user_id: UUID) -> Row | None:
    """A project by id or key: `body`, `version`, `id` and the caller's `role`; None when it can't be seen."""
    where, values = ("project.id = %s", [reference]) if "-" in reference else (_BY_KEY, [reference, reference])
    return await pool("project").one(
        f"SELECT {_PROJECT} AS body, project.version, project.id, mine.role FROM project {_MINE}"
        f" WHERE {where} AND project.deleted_at IS NULL",
        (user_id, *values),
    )


async def projects(user_id: UUID, page: Page, *, archived: bool | None, q: str | None) -> list[Row]:
    """The caller's projects."""
    after, values = page.where()
    return await pool("project").all(
        f"SELECT {_PROJECT} AS body, {page.sort.key()} AS key FROM project {_MINE} WHERE project.deleted_at IS NULL"
        " AND (%s::boolean IS NULL OR project.archived = %s)"
        " AND (%s::text IS NULL OR strpos(lower(project.name), lower(%s)) > 0"
        " OR strpos(lower(project.key), lower(%s)) > 0 OR EXISTS (SELECT FROM former_key"
        " WHERE project_id = project.id AND strpos(lower(former_key.key), lower(%s)) > 0))"
        f" AND {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (user_id, archived, archived, q, q, q, q, *values),
    )


async def members(project_id: UUID, page: Page) -> list[Row]:
    """The members of a project."""
    after, values = page.where()
    return await pool("project").all(
        "SELECT json_build_object('user_id', member.user_id, 'display_name', person.display_name,"
        f" 'role', member.role)::text AS body, {page.sort.key()} AS key"
        " FROM member LEFT JOIN person ON person.user_id = member.user_id"
        f" WHERE member.project_id = %s AND {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (project_id, *values),
    )


async def invitations(project_id: UUID, page: Page, now: Any) -> list[Row]:
    """The open invitations of a project."""
    after, values = page.where()
    return await pool("project").all(
        "SELECT json_build_object('id', id, 'email', email, 'role', role, 'invited_by', invited_by,"
        " 'created_at', rfc3339(created_at), 'expires_at', rfc3339(expires_at))::text AS body,"
        f" {page.sort.key()} AS key FROM invitation WHERE project_id = %s AND accepted_at IS NULL AND expires_at > %s"
        f" AND {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (project_id, now, *values),
    )
