"""A live stream as its client hears it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.security.api import Person


@dataclass
class Stream:
    """What came so far; `ended` once the server has closed it."""

    raw: bytes = b""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def told(self) -> list[dict[str, Any]]:
        """The notifications that came."""
        lines = self.raw.decode().splitlines()
        return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


@asynccontextmanager
async def listening(person: Person) -> AsyncIterator[Stream]:
    """Hear somebody's stream until the end of the block."""
    stream = Stream()
    url = f"{person.api.base}/api/v1/notifications/stream"
    async with person.api.client.get(url, headers={"Authorization": f"Bearer {person.token}"}) as response:
        assert response.status == 200
        reading = asyncio.create_task(_read(response.content, stream))
        try:
            yield stream
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading


async def _read(content: Any, stream: Stream) -> None:
    try:
        while chunk := await content.readany():
            stream.raw += chunk
    finally:
        stream.ended.set()
