"""Applications on sockets as in production: aiohttp's own test server cancels a handler whose client has gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from punctual.kit.connections import Runner


@dataclass(frozen=True, slots=True)
class Served:
    """An application that listens."""

    app: web.Application
    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[Served]:
    """The application on a free port of loopback until the end."""
    runner = Runner(app)
    async with runner.serving("127.0.0.1", 0):
        host, port = runner.addresses[0][:2]
        yield Served(app, host, port)
        await _accept_no_more(runner)


async def _accept_no_more(runner: Runner) -> None:
    """What asyncio has accepted, but not yet made a connection of when its server closes, it never closes."""
    for site in runner.sites:
        for listening in getattr(site._server, "sockets", ()):
            asyncio.get_running_loop().remove_reader(listening.fileno())
    for _ in range(5):
        await asyncio.sleep(0)
