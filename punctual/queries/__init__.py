"""SELECTs for handlers, async; nothing here writes."""

from punctual.kit.pool import Row, close, pool

__all__ = ["Row", "applied_migrations", "close", "ping"]


async def ping(service: str) -> None:
    """Whether the service's database answers. Raises Unavailable."""
    await pool(service).one("SELECT 1")


async def applied_migrations(service: str) -> set[str]:
    """The ids of the migrations that its database has. Raises Unavailable."""
    return {row["migration_id"] for row in await pool(service).all("SELECT migration_id FROM _yoyo_migration")}
