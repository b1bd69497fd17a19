"""Connections of HTTP clients: what isn't HTTP is answered with a problem, and who stalls is cut off.

A client has `IDLE_SECONDS` for the headers of its next request, from the first one on; bodies have a limit of
their own at the gateway. One that doesn't take its answer is cut off after `STALLED_SECONDS` without progress.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from http import HTTPStatus
from typing import Protocol

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from punctual.kit import ids, logs
from punctual.kit.errors import problem
from punctual.kit.responses import problem_response

log = logging.getLogger(__name__)
# Longer than common proxies keep a connection, so that they close first: they never use one that just went away.
IDLE_SECONDS = 75.0
STALLED_SECONDS = 60.0
SWEEP_SECONDS = 10.0
# Orchestrators kill what hasn't stopped after 30 seconds.
SHUTDOWN_SECONDS = 25.0
MOST_HEADERS = 64
LONGEST_FIELD = 8190
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Connection(web.RequestHandler):
    """A client's connection, which answers what it can't read without repeating any of it."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - repeats what was sent
    ) -> web.StreamResponse:
        """The problem for a request that isn't HTTP, or for a fault that nothing else has caught."""
        if request.writer.output_size > 0:
            raise ConnectionError("The answer has begun already.") from exc
        request_id = str(ids.uuid7())
        with logs.context(request_id=request_id):
            if status == HTTPStatus.INTERNAL_SERVER_ERROR:
                log.error("A request failed", exc_info=exc)
            response = problem_response(_malformed(status, exc), {**_ALWAYS, "X-Request-ID": request_id})
        response.force_close()
        return response


class _Server(web.Server):
    def __call__(self) -> Connection:
        return Connection(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """Runs an application on connections like these."""

    def __init__(self, app: web.Application) -> None:
        super().__init__(
            app,
            access_log=None,
            handle_signals=False,
            shutdown_timeout=SHUTDOWN_SECONDS,
            keepalive_timeout=IDLE_SECONDS,
            max_headers=MOST_HEADERS,
            max_field_size=LONGEST_FIELD,
            max_line_size=LONGEST_FIELD,
        )

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **made._kwargs)  # noqa: SLF001

    @contextlib.asynccontextmanager
    async def serving(self, host: str, port: int, backlog: int = 1024) -> AsyncIterator[None]:
        """Listen on this address until the end."""
        await self.setup()
        sweeping = None
        try:
            await web.TCPSite(self, host, port, backlog=backlog).start()
            sweeping = asyncio.create_task(self._sweep())
            yield
        finally:
            if sweeping:
                sweeping.cancel()
            await self.cleanup()

    async def _sweep(self) -> None:
        stalled = Stalled()
        while isinstance(self.server, web.Server):
            await asyncio.sleep(SWEEP_SECONDS)
            stalled.cut_off(self.server.connections, asyncio.get_running_loop().time())


class Client(Protocol):
    """What is looked at of a connection."""

    transport: asyncio.Transport | None


class Stalled:
    """Finds connections whose clients take nothing of what waits for them."""

    def __init__(self) -> None:
        self._seen: dict[Client, tuple[int, float]] = {}

    def cut_off(self, connections: Iterable[Client], now: float) -> int:
        """Break off those without progress since `STALLED_SECONDS`; how many. `now` in seconds of any clock."""
        seen, self._seen, count = self._seen, {}, 0
        for connection in connections:
            if connection.transport is None or not (waiting := connection.transport.get_write_buffer_size()):
                continue
            before, since = seen.get(connection, (waiting, now))
            if waiting < before:
                since = now
            if now - since >= STALLED_SECONDS:
                connection.transport.abort()
                count += 1
            else:
                self._seen[connection] = (waiting, since)
        return count


def _malformed(status: int, error: BaseException | None) -> dict[str, object]:
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return problem(status, "failed", "A fault in Punctual; the log has it under this request id.")
    if isinstance(error, LineTooLong):
        detail = f"The address and each header may have at most {LONGEST_FIELD} bytes."
        return problem(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", detail)
    detail = f"The request isn't well-formed HTTP/1.1, or has more than {MOST_HEADERS} headers."
    return problem(status, "bad_request", detail)
