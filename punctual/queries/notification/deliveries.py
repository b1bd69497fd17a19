"""Deliveries: why somebody got, or did not get, a notification or a mail with a secret."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from punctual.kit.canary import CANARY
from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

NEWEST = Sort("-id", (("id", "uuid"),), descending=True)

# While sending, next_attempt_at is the end of a lease, not a next attempt.
_BODY = """json_build_object('id', id, 'notification_id', notification_id, 'event_id', event_id,
    'task_id', task_id, 'user_id', user_id, 'recipient', recipient, 'kind', kind, 'channel', channel,
    'state', state, 'reason', reason, 'attempts', attempts, 'attempted_at', rfc3339(attempted_at),
    'next_attempt_at', CASE WHEN state IN ('queued', 'held') THEN rfc3339(next_attempt_at) END,
    'sent_at', rfc3339(sent_at), 'created_at', rfc3339(created_at))::text"""
_COLUMNS = "channel, state, reason, attempts, attempted_at, next_attempt_at, sent_at, created_at"
_DELIVERIES = f"""SELECT id, notification_id, event_id, task_id, user_id, NULL::text AS recipient, kind, {_COLUMNS}
    FROM delivery JOIN (SELECT id AS notification_id, event_id, task_id, user_id, kind, created_at FROM notification
    WHERE user_id <> '{CANARY}') AS told USING (notification_id)"""
_OTHER_MAILS = f"""SELECT id, NULL::uuid, NULL::uuid, NULL::uuid, NULL::uuid, recipient, template, {_COLUMNS}
    FROM (SELECT *, 'email' AS channel FROM secret_mail) AS mail"""


async def of_notification(notification_id: UUID, user_id: UUID | None) -> list[str]:
    """The rendered deliveries of a notification; of anybody's when `user_id` is None."""
    rows = await pool("notification").all(
        f"SELECT {_BODY} AS body FROM ({_DELIVERIES} WHERE notification_id = %s) AS shown"
        " WHERE %s::uuid IS NULL OR user_id = %s ORDER BY channel DESC",
        (notification_id, user_id, user_id),
    )
    return [row["body"] for row in rows]


async def deliveries(
    page: Page, *, user_id: UUID | None, task_id: UUID | None, state: str | None, channel: str | None
) -> list[Row]:
    """Deliveries of the whole instance, newest first."""
    filters = {"user_id": user_id, "task_id": task_id, "state": state, "channel": channel}
    branches = [_branch(_DELIVERIES, page, filters)]
    if user_id is None and task_id is None:
        branches.append(_branch(_OTHER_MAILS, page, filters))
    return await pool("notification").all(
        f"SELECT {_BODY} AS body, {page.sort.key()} AS key FROM ({' UNION ALL '.join(sql for sql, _ in branches)})"
        f" AS shown ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        [value for _, values in branches for value in values],
    )


def _branch(select: str, page: Page, filters: Mapping[str, Any]) -> tuple[str, list[Any]]:
    # Each table is read from its own end, for one page: a sort of both together would read all of both.
    after, values = page.where()
    wanted = {column: value for column, value in filters.items() if value is not None}
    conditions = " AND ".join([after, *(f"{column} = %s" for column in wanted)])
    sql = f"({select} WHERE {conditions} ORDER BY {page.sort.order()} LIMIT {page.fetch})"
    return sql, [*values, *wanted.values()]
