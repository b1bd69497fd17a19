"""SELECTs for handlers, async; nothing here writes."""

from punctual.kit.pool import Row, pool

__all__ = ["Row", "close", "ping"]


async def ping(service: str) -> None:
    """Whether the service's database answers. Raises Unavailable."""
    await pool(service).one("SELECT 1")


async def close(service: str) -> None:
    """Close the service's connections in this process."""
    await pool(service).close()
