"""Somebody's inbox: what was told to them, but for projects that they have lost since."""

from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

NEWEST = Sort("-created_at", (("notification.position", "bigint"),), descending=True)
STREAM_BATCH = 100
MOST_GROUPED = 5_000

_BODY = """json_build_object('id', notification.id, 'kind', kind, 'title', title, 'task_id', task_id,
    'project_id', notification.project_id, 'data', data, 'created_at', rfc3339(created_at),
    'read_at', rfc3339(read_at))::text"""
_READABLE = """FROM notification LEFT JOIN member
    ON member.project_id = notification.project_id AND member.user_id = notification.user_id
    WHERE notification.user_id = %s AND (member.user_id IS NULL OR member.role IS NOT NULL
    OR kind IN ('project.member_removed', 'project.invited'))"""


async def notifications(
    user_id: UUID, page: Page, *, unread: bool, muted: bool, after: datetime | None, task_id: UUID | None
) -> list[Row]:
    """The person's notifications, newest first; `muted`: those kept out of the inbox by preference."""
    further, values = page.where()
    which = "hidden" if muted else "NOT hidden"
    which += " AND read_at IS NULL" if unread else ""
    which += " AND notification.created_at > %s" if after else ""
    which += " AND task_id = %s" if task_id else ""
    return await pool("notification").all(
        f"SELECT {_BODY} AS body, {page.sort.key()} AS key {_READABLE} AND {which} AND {further}"
        f" ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (user_id, *(value for value in (after, task_id) if value), *values),
    )


async def groups(user_id: UUID, page: Page, *, unread: bool, after: datetime | None) -> list[Row]:
    """The newest of the person's notifications by task, the group that heard last first."""
    further, values = page.where()
    which = "NOT hidden" + (" AND read_at IS NULL" if unread else "")
    which += " AND notification.created_at > %s" if after else ""
    return await pool("notification").all(
        f"WITH newest AS (SELECT notification.id, task_id, position, read_at {_READABLE} AND {which}"
        f" ORDER BY position DESC LIMIT {MOST_GROUPED}), grouped AS (SELECT max(position) AS position,"
        " count(*) AS total, count(*) FILTER (WHERE read_at IS NULL) AS unread FROM newest"
        " GROUP BY coalesce(task_id, id))"
        " SELECT json_build_object('task_id', task_id, 'total', grouped.total, 'unread', grouped.unread,"
        f" 'latest', {_BODY}::json)::text AS body, {page.sort.key()} AS key FROM grouped"
        " JOIN notification ON notification.user_id = %s AND NOT hidden AND notification.position = grouped.position"
        f" WHERE {further} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (user_id, *([after] if after else []), user_id, *values),
    )


async def notification(user_id: UUID, notification_id: UUID) -> Row | None:
    """One of the person's notifications, rendered in `body`; None when there is no such."""
    return await pool("notification").one(
        f"SELECT {_BODY} AS body {_READABLE} AND notification.id = %s", (user_id, notification_id)
    )


async def count_unread(user_id: UUID) -> int:
    """How many are unread."""
    row = await pool("notification").one(
        f"SELECT count(*) AS unread {_READABLE} AND NOT hidden AND read_at IS NULL", (user_id,)
    )
    assert row is not None
    return int(row["unread"])


async def latest(user_id: UUID) -> tuple[UUID, int] | None:
    """Id and position of the newest notification in the person's inbox."""
    row = await pool("notification").one(
        "SELECT id, position FROM notification WHERE user_id = %s AND NOT hidden ORDER BY position DESC LIMIT 1",
        (user_id,),
    )
    return (row["id"], row["position"]) if row else None


async def position(user_id: UUID, notification_id: UUID) -> int | None:
    """Where one of the person's notifications stands among them."""
    row = await pool("notification").one(
        "SELECT position FROM notification WHERE user_id = %s AND id = %s", (user_id, notification_id)
    )
    return int(row["position"]) if row else None


async def since(user_id: UUID, position: int) -> list[Row]:
    """What came after a position, oldest first, a batch: `id`, `position`, `body`."""
    return await pool("notification").all(
        f"SELECT notification.id, position, {_BODY} AS body {_READABLE} AND NOT hidden AND position > %s"
        f" ORDER BY position LIMIT {STREAM_BATCH}",
        (user_id, position),
    )


async def schedule(user_id: UUID) -> dict[str, Any] | None:
    """When the person wants e-mails, as far as they chose."""
    row = await pool("notification").one(
        "SELECT to_json(mail_schedule) AS schedule FROM mail_schedule WHERE user_id = %s", (user_id,)
    )
    return row["schedule"] if row else None


async def preferences(user_id: UUID) -> dict[str, tuple[bool, bool]]:
    """What the person has chosen: in-app and e-mail by kind."""
    rows: list[dict[str, Any]] = await pool("notification").all(
        "SELECT kind, in_app, email FROM preference WHERE user_id = %s", (user_id,)
    )
    return {row["kind"]: (row["in_app"], row["email"]) for row in rows}
