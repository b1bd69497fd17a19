"""The web application factory: a table of routes, each with its auth and shapes, and one way to answer errors."""

import asyncio
import enum
import functools
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiohttp import web
from marshmallow import Schema

from punctual.kit import ids, logs, openapi, pagination
from punctual.kit.bus import Bus
from punctual.kit.dispatch import BODY, CALLER, DISPATCHER, check_headers
from punctual.kit.errors import DomainError, Forbidden, Invalid, NotFound, problem
from punctual.kit.metrics.http import counted
from punctual.kit.openapi.operations import UNSAFE_METHODS
from punctual.kit.outcomes import Caller
from punctual.kit.pagination import Page, Sort
from punctual.kit.reading import MAX_BODY_BYTES, Checks, demand_json, load, parse, read_body, read_query
from punctual.kit.responses import error_response, problem_response
from punctual.kit.runtime import Runtime
from punctual.kit.tokens import Verifier, bearer
from punctual.kit.traces.http import traced

log = logging.getLogger(__name__)
access_log = logging.getLogger("punctual.access")
VERIFIER = web.AppKey("verifier", Verifier)
BUS = web.AppKey("bus", Bus)
CLOSING = web.AppKey("closing", asyncio.Event)
FIELDS = web.RequestKey("fields", dict)
QUERY = web.RequestKey("query", dict)
PAGE = web.RequestKey("page", Page)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Auth(enum.Enum):
    """Who may call a route at all; what they may do there is judged further in."""

    OPEN = "open"
    SIGNED_IN = "signed_in"
    ADMIN = "admin"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Route:
    """One row of a service's route table.

    `body` and `query` are shapes to load, `reply` the shape answered, `sorts` the orders of a list, the default
    first. `checks` read fields that are more than a shape can tell, as the domain reads them. A `whole` body has all
    that its shape demands, even with PATCH: it isn't a merge patch of one representation.
    """

    method: str
    path: str
    handler: Handler
    auth: Auth = Auth.SIGNED_IN
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    reply: type[Schema] | None = None
    status: int = 200
    many: bool = False
    sorts: Sequence[Sort] = ()
    checks: Checks = field(default_factory=dict)
    whole: bool = False

    @property
    def partial(self) -> bool:
        """Whether the body tells only what changes."""
        return self.method == "PATCH" and not self.whole


ROUTES = web.AppKey("routes", tuple)
SERVICE = web.AppKey("service", str)


def application(service: str, routes: Sequence[Route], runtime: Runtime) -> web.Application:
    """A service's aiohttp application over its route table."""
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[*traced(service), counted(service), _unmatched])
    app[SERVICE] = service
    app[ROUTES] = tuple(routes)
    app[DISPATCHER] = runtime.dispatcher
    app[VERIFIER] = runtime.verifier
    app[BUS] = runtime.bus
    app[CLOSING] = asyncio.Event()
    app.on_shutdown.append(_close)
    for route in routes:
        app.router.add_route(route.method, route.path, endpoint(route))
    app.router.add_get("/internal/openapi.json", openapi.handler(service, routes))
    return app


async def _close(app: web.Application) -> None:
    # Streams without an end of their own end now, instead of being cut off after the grace of a shutdown.
    app[CLOSING].set()


def endpoint(route: Route) -> Handler:
    """The route's handler with its auth, shapes, request id, log line and problems around it."""
    read = _reader(route)

    @functools.wraps(route.handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        request_id = request.headers.get("X-Request-ID", "")[:64] or str(ids.uuid7())
        with logs.context(request_id=request_id):
            try:
                await _authenticate(request, route.auth)
                await read(request)
                response = await route.handler(request)
            except DomainError as error:
                response = error_response(error)
            except web.HTTPException:
                raise
            except Exception:
                log.exception("%s %s failed", request.method, logs.without_secrets(request.path))
                response = problem_response(
                    problem(500, "failed", "A fault in Punctual; the log has it under this request id.")
                )
            if not response.prepared:
                response.headers["X-Request-ID"] = request_id
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            if access_log.isEnabledFor(logging.INFO):
                extra = {
                    "method": request.method,
                    "path": logs.without_secrets(request.path),
                    "status": response.status,
                    "ms": milliseconds,
                }
                access_log.info("request", extra={"fields": extra})
            return response

    return handle


def _reader(route: Route) -> Callable[[web.Request], Awaitable[None]]:
    """What checks and loads all that a request to this route says."""
    body_schema = route.body(partial=route.partial) if route.body else None
    query_schema = route.query() if route.query else None
    # The endpoints of OAuth 2 read their forms themselves, and pass over what they don't know.
    strict = getattr(route.handler, "openapi_form", None) is None

    async def read(request: web.Request) -> None:
        if strict:
            given = request[QUERY] = read_query(request, query_schema, route.checks)
            if route.sorts:
                request[PAGE] = pagination.page(given, route.sorts)
            if route.method in UNSAFE_METHODS:
                check_headers(request)
        if body_schema:
            demand_json(request)
        if request.body_exists or body_schema:
            request[BODY] = await read_body(request)
        if body_schema:
            request[FIELDS] = load(body_schema, parse(request[BODY]), route.checks)

    return read


def caller(request: web.Request) -> Caller:
    """Who is signed in; nobody on an open route."""
    return request.get(CALLER) or Caller()


def user_id(request: web.Request) -> UUID:
    """The id of the signed-in user. Only for routes that demand one."""
    known = request[CALLER].id
    assert known is not None
    return known


def fields(request: web.Request) -> dict[str, Any]:
    """The loaded body."""
    return request[FIELDS]


def query(request: web.Request) -> dict[str, Any]:
    """The loaded query string."""
    return request[QUERY]


def page(request: web.Request) -> Page:
    """Which part of the list is wanted."""
    return request[PAGE]


def path_id(request: web.Request, name: str = "id") -> UUID:
    """A UUID from the path. Raises Invalid, naming the part."""
    try:
        return ids.parse(request.match_info[name])
    except ValueError:
        raise Invalid(f"{name} in the path must be a UUID, such as {ids.uuid7()}.", field=name) from None


async def _authenticate(request: web.Request, auth: Auth) -> None:
    if auth is Auth.INTERNAL and "X-Forwarded-For" in request.headers:
        # Other processes ask directly; what came through a proxy came from outside.
        raise NotFound(f"There is nothing at {request.path}.")
    if auth in (Auth.OPEN, Auth.INTERNAL):
        return
    request[CALLER] = await request.app[VERIFIER].verify(bearer(request.headers.get("Authorization")))
    if auth is Auth.ADMIN and request[CALLER].role != "admin":
        raise Forbidden("Only an administrator of this instance may do this.")


@web.middleware
async def _unmatched(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return error_response(NotFound(f"There is nothing at {logs.without_secrets(request.path)}."))
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        detail = f"{request.method} isn't possible here; {allowed} is."
        return problem_response(problem(405, "method_not_allowed", detail), {"Allow": allowed})
