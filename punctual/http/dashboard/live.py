"""The live stream: the notification service's, passed on under the session's cookie."""

import asyncio

import aiohttp
from aiohttp import web

from punctual.http.dashboard.client import forwarded
from punctual.http.dashboard.problems import Problem, SignedOut
from punctual.http.dashboard.routing import For, Page
from punctual.http.dashboard.services import BASE, SERVICES
from punctual.http.dashboard.session import end, save, signed_in
from punctual.http.dashboard.viewer import unread
from punctual.kit.responses import json_response

_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
WATCH_SECONDS = 0.5
# The service writes something at least every 15 seconds.
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=60)


async def stream(request: web.Request) -> web.StreamResponse:
    """One event for each new notification; when it ends the browser comes back with a renewed token."""
    if not signed_in(request):
        # An EventSource comes back after everything but this.
        return web.Response(status=204)
    services = request.app[SERVICES]
    headers = forwarded(request)
    if last := request.headers.get("Last-Event-ID"):
        headers["Last-Event-ID"] = last
    url = services.urls["notification"] + BASE + "/notifications/stream"
    response = web.StreamResponse(headers=_HEADERS)
    try:
        async with services.connection.get(url, headers=headers, timeout=_TIMEOUT) as source:
            if source.status != 200:
                raise Problem(source.status, "The live stream can't begin right now.")
            await save(request, response)
            await response.prepare(request)
            await _follow(request, source.content, response)
            await response.write_eof()
    except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
        if not response.prepared:
            raise Problem(503, "The live stream can't begin right now.") from error
    return response


async def _follow(request: web.Request, source: aiohttp.StreamReader, response: web.StreamResponse) -> None:
    """Pass on what comes, until it ends or nobody listens any more: a person may have five streams."""
    while request.transport is not None and not request.transport.is_closing():
        try:
            async with asyncio.timeout(WATCH_SECONDS):
                chunk = await source.readany()
        except aiohttp.ClientError:
            # Its own time-out is a TimeoutError, too, and is the end.
            raise
        except TimeoutError:
            continue
        if not chunk:
            return
        await response.write(chunk)


async def count(request: web.Request) -> web.Response:
    """How many notifications are unread: what a script shows that was without a stream for a while."""
    try:
        number = await unread(request) if signed_in(request) else None
    except SignedOut:
        end(request)
    if not signed_in(request):
        return web.Response(status=204)
    if number is None:
        raise Problem(503, "The inbox can't be counted right now.")
    return json_response({"unread": number}, headers={"Cache-Control": "no-store"})


PAGES = [Page("GET", "/live", stream, For.ANYBODY), Page("GET", "/live/count", count, For.ANYBODY)]
