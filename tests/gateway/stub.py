"""A hand-written service behind the gateway: real sockets, answers as the test wants, and remembers what came."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from multidict import CIMultiDictProxy

from tests.support.serving import served

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Seen:
    """A request as the service got it."""

    method: str
    target: str
    headers: CIMultiDictProxy[str]
    body: bytes


class Stub:
    """A service that answers {"service": name} until a test says otherwise with `answer`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[Seen] = []
        self.answer: Handler = self._plain
        self.parts = {"database": "ok"}
        self.degraded: dict[str, dict[str, str]] = {}
        self.url = ""

    @property
    def last(self) -> Seen:
        """The newest request."""
        return self.seen[-1]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Stub"]:
        """Serve until the end."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_get("/health/ready", self._ready)
        app.router.add_route("*", "/{path:.*}", self._handle)
        async with served(app) as server:
            self.url = server.url
            yield self

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(Seen(request.method, request.raw_path, request.headers, await request.read()))
        return await self.answer(request)

    async def _plain(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"service": self.name})

    async def _ready(self, request: web.Request) -> web.StreamResponse:
        well = all(word == "ok" for word in self.parts.values())
        body = {"parts": self.parts, **({"degraded": self.degraded} if self.degraded else {})}
        return web.json_response(body, status=200 if well else 503)


@contextlib.asynccontextmanager
async def raw_service(answers: list[bytes | None]) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A service below HTTP: each connection reads a request head, then writes the next answer, or hangs up on None.

    Yields its URL and the heads it read.
    """
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            answer = answers.pop(0)
            if answer is not None:
                writer.write(answer)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", heads
