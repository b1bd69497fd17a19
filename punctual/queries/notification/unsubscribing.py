"""What a link that switches e-mails off is about."""

from uuid import UUID

from punctual.kit.pool import pool


async def unsubscription(user_id: UUID, kind: str, key: int) -> tuple[bytes | None, bool | None]:
    """The key of that number, None when there is none; and what the person chose for the kind, None when nothing."""
    row = await pool("notification").one(
        "SELECT (SELECT secret FROM unsubscription_key WHERE number = %s) AS secret,"
        " (SELECT email FROM preference WHERE user_id = %s AND kind = %s) AS email",
        (key, user_id, kind),
    )
    assert row is not None
    return bytes(row["secret"]) if row["secret"] is not None else None, row["email"]
