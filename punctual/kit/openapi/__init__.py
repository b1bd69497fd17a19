"""A service's OpenAPI 3.1 document, generated from its route table and shapes, never by hand."""

import re
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from marshmallow import Schema

import punctual
from punctual.kit import wire
from punctual.kit.openapi.components import BEARER, HEADERS, ID, PARTS, PENDING, PROBLEM, QUERY, RESPONSES, TEXT
from punctual.kit.responses import json_response

if TYPE_CHECKING:
    from punctual.kit.web import Route

H = TypeVar("H", bound=Callable[..., Any])
UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def documented(*, form: type[Schema] | None = None, media: str = "application/json") -> Callable[[H], H]:
    """Tell of a handler what its route doesn't: the `form` it reads itself, the media type of its answer."""

    def mark(handler: H) -> H:
        handler.__dict__["openapi_form"] = form
        handler.__dict__["openapi_media"] = media
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
    spec.components.schema("Pending", PENDING)
    for name, parameter in HEADERS.items():
        spec.components.parameter(name, "header", parameter)
    for name, response in RESPONSES.items():
        spec.components.response(name, response)
    spec.components.security_scheme("bearer", BEARER)
    for route in routes:
        if route.auth.value != "internal":
            operation = _operation(service, route)
            spec.path(path=route.path, operations={route.method.lower(): operation})
    document: dict[str, Any] = spec.to_dict()
    for operations in document["paths"].values():
        for operation in operations.values():
            _explain(operation["parameters"])
    return document


def handler(service: str, routes: Sequence["Route"]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """What serves the document of a service; it is made at the first request."""
    document = b""

    async def serve(_request: web.Request) -> web.Response:
        nonlocal document
        document = document or wire.dumps(describe(service, routes))
        return json_response(document)

    return serve


def _operation(service: str, route: "Route") -> dict[str, Any]:
    summary, _, description = (route.handler.__doc__ or route.handler.__name__).strip().partition("\n")
    form = getattr(route.handler, "openapi_form", None)
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": summary.rstrip("."),
        "tags": [service],
        "security": [] if route.auth.value == "open" else [{"bearer": []}],
        "parameters": _parameters(route, command=form is None),
        "responses": _responses(route, command=form is None),
    }
    details = " ".join(description.split())
    if route.auth.value == "admin":
        details = f"{details} For administrators of the instance.".strip()
    if details:
        operation["description"] = details
    if form:
        content = {"application/x-www-form-urlencoded": {"schema": form}}
        operation["requestBody"] = {"required": True, "content": content}
    elif route.body:
        body = route.body(partial=True) if route.method == "PATCH" else route.body
        content = {"application/json": {"schema": body}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(route: "Route", *, command: bool) -> list[Any]:
    parameters: list[Any] = [
        {"name": name, "in": "path", "required": True, **PARTS.get(name, ID)}
        for name in re.findall(r"\{(\w+)", route.path)
    ]
    if route.query:
        parameters.append({"in": "query", "schema": route.query})
    if route.method in UNSAFE_METHODS and command:
        parameters += ["IdempotencyKey", "Prefer"]
        if route.method != "POST":
            parameters.append("IfMatch")
    return parameters


def _explain(parameters: list[dict[str, Any]]) -> None:
    for parameter in parameters:
        if parameter.get("in") == "query" and parameter["name"] in QUERY:
            parameter.setdefault("description", QUERY[parameter["name"]])


def _responses(route: "Route", *, command: bool) -> dict[str, Any]:
    responses: dict[str, Any] = {str(route.status): _success(route)}
    if route.method in UNSAFE_METHODS and command:
        responses["202"] = "Accepted"
    return {**responses, "4XX": "Problem", "5XX": "Problem"}


def _success(route: "Route") -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.status == HTTPStatus.NO_CONTENT:
        return answer
    schema: Any = route.reply or {}
    if route.many:
        schema = {
            "type": "object",
            "required": ["items", "next_cursor"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "next_cursor": {"type": ["string", "null"]},
            },
        }
        answer["headers"] = {"Link": {"schema": TEXT, "description": 'The next page, as rel="next".'}}
    elif route.status == HTTPStatus.CREATED:
        answer["headers"] = {"Location": {"schema": TEXT, "description": "The address of what was created."}}
    media = getattr(route.handler, "openapi_media", "application/json")
    answer["content"] = {media: {"schema": schema}}
    return answer


def _operation_id(route: "Route") -> str:
    words = re.findall(r"[A-Za-z0-9]+", route.path.removeprefix("/api/v1"))
    return "_".join([route.method.lower(), *words])
