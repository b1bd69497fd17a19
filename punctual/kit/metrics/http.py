"""Counting what an application answers, by the template of the route."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from punctual.kit import metrics
from punctual.kit.metrics import UNMATCHED

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def counted(service: str) -> Middleware:
    """The outermost middleware of a service's application."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        try:
            response = await handler(request)
        except web.HTTPException as error:
            metrics.request(service, request.method, _template(request), error.status, time.perf_counter() - started)
            raise
        # A stream lasts as long as somebody listens, which says nothing about speed.
        seconds = None if response.prepared else time.perf_counter() - started
        metrics.request(service, request.method, _template(request), response.status, seconds)
        return response

    return count


def _template(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return UNMATCHED if resource is None else resource.canonical
