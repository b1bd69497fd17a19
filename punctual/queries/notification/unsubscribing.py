"""The keys of the links that switch e-mails off."""

from punctual.kit.pool import pool


async def secret(number: int) -> bytes | None:
    """A key by its number; None when there is no such."""
    row = await pool("notification").one("SELECT secret FROM unsubscription_key WHERE number = %s", (number,))
    return bytes(row["secret"]) if row else None
