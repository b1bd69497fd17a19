"""Tasks: one, or lists by filter."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool
from punctual.queries.task.visibility import MINE, OF_KEY, TASK_KEY, named, place
from punctual.schemas.fields import PRIORITIES

OLDEST = Sort("created_at", (("task.id", "uuid"),))
NEWEST = Sort("-created_at", (("task.id", "uuid"),), descending=True)
BY_DUE = Sort("due", (("task.due_order", "timestamptz"), ("task.id", "uuid")))
BY_PRIORITY = Sort(
    "-priority", (("task.priority", "priority"), ("task.id", "uuid")), descending=True, members={"priority": PRIORITIES}
)
BY_CHANGE = Sort("-updated_at", (("task.updated_at", "timestamptz"), ("task.id", "uuid")), descending=True)
# Its own key before a title, a title before a description, and what is open before what is closed.
_RELEVANCE = """CASE WHEN task.project_id = sought.project AND task.number = sought.number THEN 4
    WHEN to_tsvector('simple', translate(task.title, '<>', '  ')) @@ sought.words THEN 2 ELSE 0 END
    + (status.category NOT IN ('done', 'cancelled'))::integer"""
BY_RELEVANCE = Sort("relevance", ((_RELEVANCE, "bigint"), ("task.id", "uuid")), descending=True)
SORTS = (NEWEST, OLDEST, BY_DUE, BY_PRIORITY, BY_CHANGE, BY_RELEVANCE)

# Put together by hand, a list costs PostgreSQL a fifth less than with row_to_json; to_json quotes what people wrote.
BODY = """'{"id":"' || task.id || '","project_id":"' || task.project_id || '","key":"' || project.key || '-'
    || task.number || '","number":' || task.number || ',"title":' || to_json(task.title) || ',"description":'
    || to_json(task.description) || ',"status":{"id":"' || status.id || '","name":' || to_json(status.name)
    || ',"category":"' || status.category || '"},"priority":"' || task.priority || '","due":' || coalesce('"'
    || coalesce(task.due_date::text, to_char(task.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) || '"',
    'null') || ',"assignees":' || array_to_json(task.assignees) || ',"created_by":"' || task.created_by
    || '","created_at":"' || rfc3339(task.created_at) || '","updated_at":"' || rfc3339(task.updated_at)
    || '","completed_at":' || coalesce('"' || rfc3339(task.completed_at) || '"', 'null') || ',"version":'
    || task.version || '}'"""
_JOINS = f"""JOIN project ON project.id = task.project_id AND NOT project.deleted {MINE}
    JOIN status ON status.id = task.status_id WHERE"""
_OF_PLACE = """JOIN place AS project ON project.id = task.project_id JOIN status ON status.id = task.status_id
    WHERE task.project_id = (SELECT id FROM place) AND"""
_CATEGORIES = {"open": ["backlog", "todo", "in_progress"], "closed": ["done", "cancelled"]}


async def task(reference: str, user_id: UUID) -> Row | None:
    """A task by id or key: `body` and `version`; None when it can't be seen."""
    for where, values in named(reference):
        row = await pool("task").one(
            f"SELECT {BODY} AS body, task.version FROM task {_JOINS} {where} AND task.deleted_at IS NULL",
            (user_id, *values),
        )
        if row:
            return row
    return None


async def tasks(user_id: UUID, page: Page, filters: Mapping[str, Any], project: str | None = None) -> list[Row]:
    """The caller's tasks, of one project or of all, by the filters of TaskQuery (`assignee`: an id)."""
    wanted, (after, after_values) = conditions(filters), page.where()
    (sought, values), (source, source_values) = searched(filters.get("q"))
    if project:
        here, here_values = place(project, user_id)
        parts, joins, values = [sought, here], _OF_PLACE, [*values, *here_values, *source_values]
    else:
        parts, joins, values = [sought], _JOINS, [*values, *source_values, user_id]
    where = " AND ".join(["task.deleted_at IS NULL", *(condition for condition, _ in wanted), after])
    return await pool("task").all(
        f"{defining(*parts)} SELECT {BODY} AS body, {page.sort.key()} AS key FROM {source} {joins} {where}"
        f" ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (*values, *(value for _, value in wanted), *after_values),
    )


def conditions(filters: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What the filters demand of `task` and `status`, each with its parameter."""
    category = filters.get("category")
    wanted = {
        "task.status_id = %s": filters.get("status"),
        "status.category = ANY(%s::category[])": _CATEGORIES.get(category, [category]) if category else None,
        "task.priority = %s": filters.get("priority"),
        "task.assignees @> ARRAY[%s]": filters.get("assignee"),
        "task.due_order <= %s AND task.due_order <> 'infinity'": filters.get("due_before"),
        "task.due_order > %s AND task.due_order <> 'infinity'": filters.get("due_after"),
    }
    return [(condition, value) for condition, value in wanted.items() if value is not None]


def defining(*parts: str) -> str:
    """WITH and those of these parts that aren't empty; nothing where all are."""
    told = ", ".join(filter(None, parts))
    return f"WITH {told}" if told else ""


def searched(q: str | None) -> tuple[tuple[str, list[Any]], tuple[str, list[Any]]]:
    """The part of WITH that names what is sought, and what stands for the table of tasks; each with its parameters.

    The part is empty where nothing is sought.
    """
    if not q:
        return ("", []), ("task", [])
    words, key = _words(q), TASK_KEY.fullmatch(q.upper())
    named = [key[1], key[1], int(key[2])] if key else [None]
    project = OF_KEY if key else "NULL::uuid"
    sought = f"sought AS (SELECT to_tsquery('simple', %s) AS words, {project} AS project, %s::integer AS number)"
    # OFFSET 0: otherwise the planner may walk the tasks in order and parse each, hoping for a page of matches.
    found = f"(SELECT * FROM task WHERE {_WORDS} AND deleted_at IS NULL OFFSET 0)"
    if key is None:
        return (sought, [words, *named]), (f"{found} AS task CROSS JOIN sought", [words])
    found += (
        " UNION ALL SELECT task.* FROM task WHERE project_id = (SELECT project FROM sought)"
        f" AND number = %s AND NOT {_WORDS}"
    )
    return (sought, [words, *named]), (f"({found}) AS task CROSS JOIN sought", [words, int(key[2]), words])


_WORDS = """to_tsvector('simple', translate(task.title || ' ' || left(task.description, 20000), '<>', '  '))
    @@ to_tsquery('simple', %s)"""


def _words(q: str) -> str:
    # Every word must occur, the last letters of each may be missing; quoting makes any character harmless.
    words = q.replace("<", " ").replace(">", " ").split()
    return " & ".join("'" + word.replace("'", "''").replace("\\", "\\\\") + "':*" for word in words)
