"""Deliveries: why somebody got, or did not get, a notification."""

from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

NEWEST = Sort("-id", (("id", "uuid"),), descending=True)

# An attempt's lease isn't a next attempt.
_BODY = """json_build_object('id', id, 'notification_id', notification_id, 'user_id', user_id,
    'recipient', recipient, 'kind', kind, 'channel', channel, 'state', state, 'reason', reason,
    'attempts', attempts, 'next_attempt_at', CASE WHEN state = 'queued' THEN rfc3339(next_attempt_at) END,
    'sent_at', rfc3339(sent_at), 'created_at', rfc3339(created_at))::text"""


async def of_notification(notification_id: UUID, user_id: UUID | None) -> list[str]:
    """The rendered deliveries of a notification; of anybody's when `user_id` is None."""
    rows = await pool("notification").all(
        f"SELECT {_BODY} AS body FROM every_delivery WHERE notification_id = %s"
        " AND (%s::uuid IS NULL OR user_id = %s) ORDER BY channel DESC",
        (notification_id, user_id, user_id),
    )
    return [row["body"] for row in rows]


async def deliveries(page: Page, *, user_id: UUID | None, state: str | None, channel: str | None) -> list[Row]:
    """Deliveries of the whole instance, newest first."""
    after, values = page.where()
    conditions, bound = [after], list(values)
    for column, value in (("user_id", user_id), ("state", state), ("channel", channel)):
        if value is not None:
            conditions.append(f"{column} = %s")
            bound.append(value)
    return await pool("notification").all(
        f"SELECT {_BODY} AS body, {page.sort.key()} AS key FROM every_delivery WHERE {' AND '.join(conditions)}"
        f" ORDER BY {page.sort.order()} LIMIT %s",
        (*bound, page.fetch),
    )
