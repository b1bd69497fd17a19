"""Tasks: one, or lists by filter."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool
from punctual.queries.task.visibility import MINE, named
from punctual.schemas.fields import PRIORITIES

OLDEST = Sort("created_at", (("task.id", "uuid"),))
NEWEST = Sort("-created_at", (("task.id", "uuid"),), descending=True)
BY_DUE = Sort("due", (("task.due_order", "timestamptz"), ("task.id", "uuid")))
BY_PRIORITY = Sort(
    "-priority", (("task.priority", "priority"), ("task.id", "uuid")), descending=True, members={"priority": PRIORITIES}
)
BY_CHANGE = Sort("-updated_at", (("task.updated_at", "timestamptz"), ("task.id", "uuid")), descending=True)
SORTS = (NEWEST, OLDEST, BY_DUE, BY_PRIORITY, BY_CHANGE)

BODY = """json_build_object('id', task.id, 'project_id', task.project_id, 'key', project.key || '-' || task.number,
    'number', task.number, 'title', task.title, 'description', task.description, 'status', json_build_object(
    'id', status.id, 'name', status.name, 'category', status.category), 'priority', task.priority,
    'due', coalesce(task.due_date::text, to_char(task.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
    'assignees', task.assignees, 'created_by', task.created_by, 'created_at', rfc3339(task.created_at),
    'updated_at', rfc3339(task.updated_at), 'completed_at', rfc3339(task.completed_at),
    'version', task.version)::text"""
_FROM = f"""FROM task JOIN project ON project.id = task.project_id AND NOT project.deleted {MINE}
    JOIN status ON status.id = task.status_id"""
_CATEGORIES = {"open": ["backlog", "todo", "in_progress"], "closed": ["done", "cancelled"]}


async def task(reference: str, user_id: UUID) -> Row | None:
    """A task by id or key: `body` and `version`; None when it can't be seen."""
    where, values = named(reference)
    return await pool("task").one(
        f"SELECT {BODY} AS body, task.version {_FROM} WHERE {where} AND task.deleted_at IS NULL",
        (user_id, *values),
    )


async def tasks(user_id: UUID, page: Page, filters: Mapping[str, Any], project_id: UUID | None = None) -> list[Row]:
    """The caller's tasks, of one project or of all, by the filters of TaskQuery (`assignee` a user's id)."""
    conditions, values = ["task.deleted_at IS NULL"], [user_id]
    for condition, value in _conditions(filters, project_id):
        conditions.append(condition)
        values.append(value)
    after, after_values = page.where()
    return await pool("task").all(
        f"SELECT {BODY} AS body, {page.sort.key()} AS key {_FROM} WHERE {' AND '.join(conditions)} AND {after}"
        f" ORDER BY {page.sort.order()} LIMIT %s",
        (*values, *after_values, page.fetch),
    )


def _conditions(filters: Mapping[str, Any], project_id: UUID | None) -> list[tuple[str, Any]]:
    category = filters.get("category")
    wanted = {
        "task.project_id = %s": project_id,
        "task.status_id = %s": filters.get("status"),
        "status.category = ANY(%s::category[])": _CATEGORIES.get(category, [category]) if category else None,
        "task.priority = %s": filters.get("priority"),
        "task.assignees @> ARRAY[%s]": filters.get("assignee"),
        "task.due_order <= %s AND task.due_order <> 'infinity'": filters.get("due_before"),
        "task.due_order > %s AND task.due_order <> 'infinity'": filters.get("due_after"),
        _WORDS: _words(filters["q"]) if filters.get("q") else None,
    }
    return [(condition, value) for condition, value in wanted.items() if value is not None]


_WORDS = "to_tsvector('simple', task.title || ' ' || left(task.description, 20000)) @@ to_tsquery('simple', %s)"


def _words(q: str) -> str:
    # Every word must occur, the last letters of each may be missing; quoting makes any character harmless.
    return " & ".join("'" + word.replace("'", "''").replace("\\", "\\\\") + "':*" for word in q.split())
