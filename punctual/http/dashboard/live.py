"""The live stream: the services' own, passed on as one under the session's cookie.

A person may have few streams, and a browser few connections; so a page has one, for all that it follows.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from aiohttp import web

from punctual.http.dashboard.client import forwarded
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.routing import For, Page
from punctual.http.dashboard.services import BASE, SERVICES
from punctual.http.dashboard.session import save, signed_in
from punctual.http.dashboard.viewer import unread

_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}")
WATCH_SECONDS = 0.5
_OLDEST = 86_400_000
# The services write something at least every 15 seconds.
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=60)
AWAY = "The live stream can't begin right now."


async def stream(request: web.Request) -> web.StreamResponse:
    """The count of unread, then an event for each notification and, with `project`, each change of a task in it.

    When it ends the browser comes back with a renewed token.
    """
    if not signed_in(request):
        # An EventSource comes back after everything but this.
        return web.Response(status=204)
    project = request.query.get("project", "")
    paths = [("notification", "/notifications/stream")]
    if _KEY.fullmatch(project):
        paths.append(("task", f"/projects/{project}/stream{_age(request.query.get('since', ''))}"))
    response = web.StreamResponse(headers=_HEADERS)
    try:
        async with AsyncExitStack() as opened:
            sources = [await opened.enter_async_context(_opened(request, *path)) for path in paths]
            count = await unread(request, fresh=True) or 0
            await save(request, response)
            await response.prepare(request)
            await response.write(f"event: unread\ndata: {count}\n\n".encode())
            await _follow(request, [source for source in sources if source], response)
            await response.write_eof()
    except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
        if not response.prepared:
            raise Problem(503, AWAY) from error
    return response


def _age(since: str) -> str:
    """What happened while the page was on its way was missed: how long ago it was read, by our own clock."""
    if not re.fullmatch("[0-9]{1,16}", since):
        return ""
    return f"?age={min(max(time.time_ns() // 1_000_000 - int(since), 0), _OLDEST)}"


@asynccontextmanager
async def _opened(request: web.Request, service: str, path: str) -> AsyncIterator[aiohttp.StreamReader | None]:
    """A service's stream; None of a project that isn't there for this person any more."""
    services, headers = request.app[SERVICES], forwarded(request)
    if last := request.headers.get("Last-Event-ID"):
        headers["Last-Event-ID"] = last
    url = services.urls[service] + BASE + path
    async with services.connection.get(url, headers=headers, timeout=_TIMEOUT) as source:
        if source.status not in (200, 404):
            raise Problem(source.status, AWAY)
        yield source.content if source.status == 200 else None


async def _follow(request: web.Request, sources: list[aiohttp.StreamReader], response: web.StreamResponse) -> None:
    """Pass on what comes, until one of them ends or nobody listens any more."""
    passing = [asyncio.create_task(_pass_on(source, response)) for source in sources]
    try:
        while request.transport is not None and not request.transport.is_closing():
            done, _ = await asyncio.wait(passing, timeout=WATCH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                return task.result()
    finally:
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)


async def _pass_on(source: aiohttp.StreamReader, response: web.StreamResponse) -> None:
    # Whole blocks, so that one stream's don't come in the middle of another's.
    while block := await source.readuntil(b"\n\n"):
        await response.write(block)
        if not block.endswith(b"\n\n"):
            return


PAGES = [Page("GET", "/live", stream, For.ANYBODY)]
