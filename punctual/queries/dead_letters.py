"""Messages that were given up, for administrators. The same for every service."""

from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

NEWEST = Sort("-died_at", (("died_at", "timestamptz"), ("id", "uuid")), descending=True)

_SUMMARY = """'id', id, 'queue', queue, 'actor', actor, 'error', error, 'attempts', attempts,
    'died_at', rfc3339(died_at)"""


async def dead_letters(service: str, page: Page) -> list[Row]:
    """A service's dead letters without their messages, newest first."""
    after, values = page.where()
    return await pool(service).all(
        f"SELECT json_build_object({_SUMMARY})::text AS body, {page.sort.key()} AS key FROM dead_letter"
        f" WHERE {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        values,
    )


async def dead_letter(service: str, letter_id: UUID) -> str | None:
    """One dead letter with its redacted message, rendered; None when there is no such."""
    row = await pool(service).one(
        f"SELECT json_build_object({_SUMMARY}, 'message', message)::text AS body FROM dead_letter WHERE id = %s",
        (letter_id,),
    )
    return row["body"] if row else None
