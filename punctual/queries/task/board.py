"""A board in one round trip: the project, its statuses and people, and the tasks as cards."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from punctual.kit.pool import Row, pool
from punctual.queries.task.tasks import conditions, defining, searched
from punctual.queries.task.visibility import place

MOST_OPEN = 600
MOST_CLOSED = 40
MOST_MEMBERS = 1000
_CARD = """task.id, place.key || '-' || task.number AS key, task.title, task.status_id, task.priority,
    coalesce(task.due_date::text, to_char(task.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) AS due,
    task.assignees, task.version"""
_KEPT = "id, number, title, status_id, priority, due_date, due_at, assignees, version"
_OPEN = "('backlog', 'todo', 'in_progress')"
# Twice read and never as a whole: each reading takes an index in its own order. The tag stands for all that the board
# shows: whatever changes of a card raises the version of its task. BETWEEN, for the planner takes a range to be small:
# of one project beside a huge one it would expect half of all tasks, and read all of them.
_BOARD = """{place},
found AS NOT MATERIALIZED (SELECT task.*, status.category FROM {source}
    JOIN status ON status.id = task.status_id
    WHERE task.deleted_at IS NULL AND {conditions}),
open AS MATERIALIZED (SELECT {kept} FROM found WHERE project_id = (SELECT id FROM place) AND category IN {open}
    ORDER BY due_order, id LIMIT {most_open}),
closed AS MATERIALIZED (SELECT {kept} FROM found
    WHERE project_id BETWEEN (SELECT id FROM place) AND (SELECT id FROM place) AND category NOT IN {open}
    ORDER BY updated_at DESC, id DESC LIMIT {most_closed}),
around AS MATERIALIZED (SELECT row_to_json(place) AS project,
    (SELECT json_agg(one ORDER BY position) FROM (SELECT id, name, category, position, is_default, version,
        (SELECT count(*) FROM task WHERE task.project_id = place.id AND status_id = status.id AND deleted_at IS NULL)
        AS tasks FROM status WHERE project_id = place.id) AS one) AS statuses,
    (SELECT coalesce(json_agg(one), '[]') FROM (SELECT user_id, display_name, role FROM member LEFT JOIN person
        USING (user_id) WHERE project_id = place.id AND role IS NOT NULL ORDER BY lower(display_name), user_id
        LIMIT {most_members}) AS one) AS members FROM place),
tagged AS MATERIALIZED (SELECT md5(row_to_json(around)::text ||
    (SELECT coalesce(sum(uuid_hash_extended(id, version)), 0) FROM
        (SELECT id, version FROM open UNION ALL SELECT id, version FROM closed) AS shown)) AS tag FROM around)
SELECT tag, CASE WHEN tag = ANY(%s::text[]) THEN NULL ELSE (SELECT row_to_json(board) FROM (SELECT around.*,
    (SELECT coalesce(json_agg(one), '[]') FROM (SELECT {card} FROM open AS task) AS one) AS open,
    (SELECT coalesce(json_agg(one), '[]') FROM (SELECT {card} FROM closed AS task) AS one) AS closed
    FROM around) AS board)::text END AS body FROM place CROSS JOIN tagged"""


async def board(user_id: UUID, project: str, filters: Mapping[str, Any], known: Sequence[str] = ()) -> Row | None:
    """The board's `tag` and its `body` as JSON, by the filters of BoardQuery; None when the project can't be seen.

    No body when its tag is one that the reader knows.
    """
    wanted = conditions(filters)
    (sought, sought_values), (source, source_values) = searched(filters.get("q"))
    here, here_values = place(project, user_id)
    sql = _BOARD.format(
        place=defining(sought, here),
        source=source,
        conditions=" AND ".join(["true", *(condition for condition, _ in wanted)]),
        open=_OPEN,
        card=_CARD,
        kept=_KEPT,
        most_open=MOST_OPEN,
        most_closed=MOST_CLOSED,
        most_members=MOST_MEMBERS,
    )
    found = [value for _, value in wanted]
    values = [*sought_values, *here_values, *source_values, *found, list(known)]
    return await pool("task").one(sql, values)
