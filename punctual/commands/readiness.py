"""What must hold before a process of HTTP is ready, beyond its connections."""

import asyncio

from punctual import queries
from punctual.commands.migrations import compare


class Migrated:
    """Whether the database of a service is new enough for this process; asked until it is."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._well = False

    async def check(self) -> None:
        """Raises Outdated, or Unavailable."""
        if self._well:
            return
        applied = await queries.applied_migrations(self._service)
        (await asyncio.to_thread(compare, self._service, applied)).demand()
        self._well = True
