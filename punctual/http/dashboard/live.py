"""The live stream: the notification service's, passed on under the session's cookie."""

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
            async for chunk in source.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
    except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
        if not response.prepared:
            raise Problem(503, "The live stream can't begin right now.") from error
    return response


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
