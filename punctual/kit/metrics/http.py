"""Counting what an application answers, by the template of the route."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from punctual.kit import metrics
from punctual.kit.metrics import UNMATCHED

FAULT = 500
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def counted(service: str) -> Middleware:
    """The outermost middleware of a service's application."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        try:
            response = await handler(request)
        except Exception as error:
            status = error.status if isinstance(error, web.HTTPException) else FAULT
            metrics.request(service, request.method, template(request), status, time.perf_counter() - started)
            raise
        # A stream lasts as long as somebody listens, which says nothing about speed.
        seconds = None if response.prepared else time.perf_counter() - started
        metrics.request(service, request.method, template(request), response.status, seconds)
        return response

    return count


def template(request: web.Request) -> str:
    """The route that a request matched, as the code has it."""
    resource = request.match_info.route.resource
    return UNMATCHED if resource is None else resource.canonical
