"""The gateway as an aiohttp application: one handler for every path, and headers on every answer."""

from collections.abc import AsyncIterator

from aiohttp import web

from punctual.gateway.bodies import expect
from punctual.gateway.cors import Cors
from punctual.gateway.documents import Documents
from punctual.gateway.door import REQUEST_ID, Door, route_of
from punctual.gateway.headers import request_id_of, security_headers
from punctual.gateway.health import Health
from punctual.gateway.proxy import Proxy, open_session
from punctual.gateway.rates import RateLimiter
from punctual.gateway.routes import GATEWAY
from punctual.kit import settings
from punctual.kit.reading import MAX_BODY_BYTES
from punctual.kit.runtime import Runtime
from punctual.kit.settings import SERVICES
from punctual.kit.traces.http import traced

DOOR = web.AppKey("door", Door)


def application(runtime: Runtime) -> web.Application:
    """The public door to all services, by the settings of this process."""
    known = settings.current()
    cors = Cors(known.cors_origins)
    always = security_headers(known.public_url)

    async def connect(app: web.Application) -> AsyncIterator[None]:
        limiter = RateLimiter(known.rate_limit_storage) if known.rate_limit else None
        async with open_session() as session:
            proxy = Proxy(session, known.replicas)
            health = Health(session, known.replicas, runtime.verifier)
            documents = Documents(session, {name: known.service_urls[name] for name in SERVICES}, known.public_url)
            own = {
                "/health/live": health.live,
                "/health/ready": health.ready,
                "/api/openapi.json": documents.openapi,
                "/api/docs": documents.page,
                "/api/docs/style.css": documents.style,
            }
            app[DOOR] = Door(known, runtime.verifier, runtime.denylist, limiter, proxy, own)
            yield
        if limiter:
            await limiter.close()

    async def close(app: web.Application) -> None:
        app[DOOR].close()

    async def handle(request: web.Request) -> web.StreamResponse:
        return await request.app[DOOR].handle(request)

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        for name, value in always:
            headers.setdefault(name, value)
        headers["X-Request-ID"] = request.get(REQUEST_ID) or request_id_of(request)
        cors.allow(request, headers)
        del headers["Server"]

    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=traced(GATEWAY, route_of))
    app.cleanup_ctx.append(connect)
    app.on_shutdown.append(close)
    app.on_response_prepare.append(add_headers)
    # Every path, line ends included, so that none is answered by anything but the door.
    app.router.add_route("*", r"/{path:[\s\S]*}", handle, expect_handler=expect)
    return app
