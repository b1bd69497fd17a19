"""A span for each request that an application answers."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from aiohttp.typedefs import Middleware

from punctual.kit import traces
from punctual.kit.metrics.http import template

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ERROR = 500


def traced(service: str, route: Callable[[web.Request], str] = template) -> Sequence[Middleware]:
    """The outermost middleware of a service's application; none where traces are off."""
    recorder = traces.recorder()
    if recorder is None:
        return ()
    from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415 - only who traces has it

    @web.middleware
    async def trace(request: web.Request, handler: Handler) -> web.StreamResponse:
        with recorder.span(request.method, request.headers.get("traceparent"), SpanKind.SERVER) as span:
            response = await handler(request)
            name = route(request)
            span.update_name(f"{request.method} {name}")
            span.set_attributes(
                {
                    "http.request.method": request.method,
                    "http.route": name,
                    "http.response.status_code": response.status,
                    "punctual.service": service,
                }
            )
            if response.status >= ERROR:
                span.set_status(StatusCode.ERROR)
            return response

    return (trace,)
