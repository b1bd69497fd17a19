"""Server-Sent Events as a browser reads them."""

import asyncio
from typing import Any

import aiohttp

from punctual.kit import wire


class Reader:
    """An open stream, as a browser's EventSource reads it."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.last_id = ""

    async def block(self) -> dict[str, str]:
        """The fields up to the next empty line; {"": text} for a comment."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            while line := (await self._response.content.readline()).decode():
                if line == "\n":
                    self.last_id = fields.get("id", self.last_id)
                    return fields
                name, _, value = line.rstrip("\n").partition(": ")
                fields[name] = value
        return {}

    async def event(self) -> dict[str, Any]:
        """The next notification; beats are passed over."""
        fields = await self.told()
        assert fields["event"] == "notification"
        data: dict[str, Any] = wire.loads(fields["data"])
        assert data["id"] == fields["id"]
        return data

    async def told(self) -> dict[str, str]:
        """The fields of the next event of any name; beats are passed over."""
        while "data" not in (fields := await self.block()):
            assert fields, "the stream has ended"
        return fields

    async def ended(self) -> bool:
        """Whether the service ends it; what it says before is passed over."""
        async with asyncio.timeout(10):
            while await self._response.content.readline():
                pass
        return True
