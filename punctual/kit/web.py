"""The web application factory: a table of routes, each with its auth and shapes, and one way to answer errors."""

import asyncio
import enum
import functools
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiohttp import web
from marshmallow import Schema, ValidationError

from punctual.kit import ids, logs, openapi, wire
from punctual.kit.bus import Bus
from punctual.kit.dispatch import BODY, CALLER, DISPATCHER
from punctual.kit.errors import (
    BadRequest,
    DomainError,
    Forbidden,
    Invalid,
    InvalidFields,
    NotFound,
    TooLarge,
    problem,
)
from punctual.kit.outcomes import Caller
from punctual.kit.responses import error_response, problem_response
from punctual.kit.runtime import Runtime
from punctual.kit.tokens import Verifier, bearer

log = logging.getLogger(__name__)
access_log = logging.getLogger("punctual.access")
MAX_BODY_BYTES = 1024 * 1024
VERIFIER = web.AppKey("verifier", Verifier)
BUS = web.AppKey("bus", Bus)
CLOSING = web.AppKey("closing", asyncio.Event)
FIELDS = web.RequestKey("fields", dict)
QUERY = web.RequestKey("query", dict)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Auth(enum.Enum):
    """Who may call a route at all; what they may do there is judged further in."""

    OPEN = "open"
    SIGNED_IN = "signed_in"
    ADMIN = "admin"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Route:
    """One row of a service's route table. `body` and `query` are shapes to load, `reply` the shape answered."""

    method: str
    path: str
    handler: Handler
    auth: Auth = Auth.SIGNED_IN
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    reply: type[Schema] | None = None
    status: int = 200
    many: bool = False


ROUTES = web.AppKey("routes", tuple)
SERVICE = web.AppKey("service", str)


def application(service: str, routes: Sequence[Route], runtime: Runtime) -> web.Application:
    """A service's aiohttp application over its route table."""
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[_unmatched])
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
    body_schema = route.body(partial=route.method == "PATCH") if route.body else None
    query_schema = route.query() if route.query else None

    @functools.wraps(route.handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        request_id = request.headers.get("X-Request-ID", "")[:64] or str(ids.uuid7())
        with logs.context(request_id=request_id):
            try:
                await _authenticate(request, route.auth)
                if query_schema:
                    request[QUERY] = _load(query_schema, dict(request.query))
                if request.body_exists or body_schema:
                    request[BODY] = await _read(request)
                if body_schema:
                    request[FIELDS] = _load(body_schema, _parse(request[BODY]))
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
                access_log.info("request", extra=extra)
            return response

    return handle


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


def path_id(request: web.Request, name: str = "id") -> UUID:
    """A UUID from the path. Raises Invalid, naming the part."""
    try:
        return UUID(request.match_info[name])
    except ValueError:
        raise Invalid(f"{name} in the path must be a UUID, such as {ids.uuid7()}.", field=name) from None


async def _authenticate(request: web.Request, auth: Auth) -> None:
    if auth in (Auth.OPEN, Auth.INTERNAL):
        return
    request[CALLER] = await request.app[VERIFIER].verify(bearer(request.headers.get("Authorization")))
    if auth is Auth.ADMIN and request[CALLER].role != "admin":
        raise Forbidden("Only an administrator of this instance may do this.")


async def _read(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge(f"The body is over the limit of {MAX_BODY_BYTES} bytes.") from None


def _parse(body: bytes) -> dict[str, Any]:
    try:
        value = wire.loads(body)
    except ValueError as error:
        raise BadRequest(f"The body isn't valid JSON: {error}.") from None
    if not isinstance(value, dict):
        raise BadRequest("The body must be a JSON object.")
    return value


def _load(schema: Schema, values: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(values)
    except ValidationError as error:
        raise InvalidFields(error.normalized_messages()) from None
    return loaded


@web.middleware
async def _unmatched(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return error_response(NotFound(f"There is nothing at {request.path}."))
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        detail = f"{request.method} isn't possible here; {allowed} is."
        return problem_response(problem(405, "method_not_allowed", detail), {"Allow": allowed})
