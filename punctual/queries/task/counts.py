"""How many tasks are open and how many of them overdue: by project, and by status of one project."""

from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool
from punctual.queries.task.visibility import MINE

BY_PROJECT = Sort("project_id", (("project.id", "uuid"),))
# A date is over with its day in the caller's zone. Columns of the index task_of_status only.
_OVERDUE = """CASE WHEN task.due_date IS NULL THEN task.due_order <= now()
    ELSE task.due_date < (now() AT TIME ZONE coalesce((SELECT time_zone FROM person WHERE user_id = %s), 'UTC'))::date
    END"""
_OPEN = "status.category IN ('backlog', 'todo', 'in_progress')"
_TASKS = "task.project_id = status.project_id AND task.status_id = status.id AND task.deleted_at IS NULL"


async def by_project(user_id: UUID, page: Page) -> list[Row]:
    """The counts of a page of the caller's projects."""
    after, values = page.where()
    return await pool("task").all(
        "SELECT json_build_object('project_id', project.id, 'project_key', project.key, 'open_tasks', counted.open,"
        f" 'overdue_tasks', counted.overdue)::text AS body, {page.sort.key()} AS key FROM project {MINE}"
        f" CROSS JOIN LATERAL (SELECT count(*) AS open, count(*) FILTER (WHERE {_OVERDUE}) AS overdue"
        f" FROM status JOIN task ON {_TASKS} WHERE status.project_id = project.id AND {_OPEN}) AS counted"
        f" WHERE NOT project.deleted AND {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (user_id, user_id, *values),
    )


async def by_status(user_id: UUID, project_id: UUID) -> list[Row]:
    """The counts of each status of a project, in their order; nothing closed is overdue."""
    return await pool("task").all(
        f"SELECT status.id AS status_id, count(task.id) AS tasks, count(*) FILTER (WHERE {_OPEN} AND {_OVERDUE})"
        f" AS overdue_tasks FROM status LEFT JOIN task ON {_TASKS} WHERE status.project_id = %s"
        " GROUP BY status.id ORDER BY status.position",
        (user_id, project_id),
    )
