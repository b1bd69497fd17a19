"""A service's OpenAPI 3.1 document, generated from its route table and shapes, never by hand."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from marshmallow import Schema

import punctual
from punctual.kit import wire
from punctual.kit.openapi.components import BEARER, HEADERS, OAUTH_ERROR, PENDING, PROBLEM, RESPONSES
from punctual.kit.openapi.operations import operation
from punctual.kit.openapi.precision import complete
from punctual.kit.responses import json_response

if TYPE_CHECKING:
    from punctual.kit.web import Route

H = TypeVar("H", bound=Callable[..., Any])


def documented(
    *,
    form: tuple[type[Schema], ...] | None = None,
    media: str = "application/json",
    known: bool = False,
    reads: bool = False,
    conditional: bool = False,
) -> Callable[[H], H]:
    """Tell of a handler what its route doesn't.

    The `form` it reads itself (one of these shapes), the media type of its answer, whether an open route also
    knows who is signed in, whether it only reads, though its method could change something, and whether it is
    `conditional`: it has a tag, and isn't sent again to who knows it.
    """

    def mark(handler: H) -> H:
        handler.__dict__["openapi_form"] = form
        handler.__dict__["openapi_media"] = media
        handler.__dict__["openapi_known"] = known
        handler.__dict__["openapi_reads"] = reads
        handler.__dict__["openapi_conditional"] = conditional
        return handler

    return mark


def describe(service: str, routes: Sequence["Route"]) -> dict[str, Any]:
    """The document of one service: every route but the internal ones."""

    def component(schema: Any) -> str:
        partial = isinstance(schema, Schema) and schema.partial
        return f"{service}.{resolve_schema_cls(schema).__name__}{'Patch' if partial else ''}"  # type: ignore[union-attr]

    spec = APISpec(
        title=f"Punctual: {service}",
        version=punctual.__version__,
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=component)],
    )
    spec.components.schema("Problem", PROBLEM)
    spec.components.schema("OAuthError", OAUTH_ERROR)
    spec.components.schema("Pending", PENDING)
    for name, parameter in HEADERS.items():
        spec.components.parameter(name, "header", parameter)
    for name, response in RESPONSES.items():
        spec.components.response(name, response)
    spec.components.security_scheme("bearer", BEARER)
    public = [route for route in routes if route.auth.value != "internal"]
    for route in public:
        spec.path(path=route.path, operations={route.method.lower(): operation(service, route)})
    document: dict[str, Any] = spec.to_dict()
    complete(document, service, public)
    return document


def handler(service: str, routes: Sequence["Route"]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """What serves the document of a service; it is made at the first request."""
    document = b""

    async def serve(_request: web.Request) -> web.Response:
        nonlocal document
        document = document or wire.dumps(describe(service, routes))
        return json_response(document)

    return serve
