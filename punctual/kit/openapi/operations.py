"""One route as an OpenAPI operation: what it takes, and every status that it may answer with."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from punctual.kit.openapi.components import ETAG, ID, PARTS, TAG, TEXT, refusal

if TYPE_CHECKING:
    from punctual.kit.web import Route

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
FORM = "application/x-www-form-urlencoded"


def operation(service: str, route: "Route") -> dict[str, Any]:
    """The operation, its shapes still to be resolved."""
    summary, _, description = (route.handler.__doc__ or route.handler.__name__).strip().partition("\n")
    described: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": summary.rstrip("."),
        "tags": [service],
        "security": _security(route),
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    details = " ".join(description.split())
    if route.auth.value == "admin":
        details = f"{details} For administrators of the instance.".strip()
    if details:
        described["description"] = details
    if content := _body(route):
        described["requestBody"] = {"required": True, "content": content}
    return described


def _security(route: "Route") -> list[dict[str, Any]]:
    if route.auth.value != "open":
        return [{"bearer": []}]
    return [{}, {"bearer": []}] if _told(route, "known") else []


def _body(route: "Route") -> dict[str, Any]:
    if form := _told(route, "form"):
        return {FORM: {"schema": form[0] if len(form) == 1 else {"oneOf": list(form)}}}
    if route.body is None:
        return {}
    if not route.partial:
        return {JSON: {"schema": route.body}}
    shape = route.body(partial=True)
    return {JSON: {"schema": shape}, MERGE_PATCH: {"schema": shape}}


def _parameters(route: "Route") -> list[Any]:
    parameters: list[Any] = [
        {"name": name, "in": "path", "required": True, **PARTS.get(name, ID)}
        for name in re.findall(r"\{(\w+)", route.path)
    ]
    if route.query:
        parameters.append({"in": "query", "schema": route.query})
    if _told(route, "conditional"):
        parameters.append("IfNoneMatch")
    if _is_command(route):
        parameters += ["IdempotencyKey", "Prefer"]
        if route.method != "POST":
            parameters.append("IfMatch")
    return parameters


def _responses(route: "Route") -> dict[str, Any]:
    accepted = route.status == HTTPStatus.ACCEPTED
    responses: dict[str, Any] = {} if accepted else {str(route.status): _success(route)}
    if _is_command(route):
        responses["202"] = "Accepted"
    if _told(route, "conditional"):
        responses["304"] = {"description": HTTPStatus.NOT_MODIFIED.phrase, "headers": {"ETag": TAG}}
    for status in sorted(set(_refusals(route))):
        # The endpoints of OAuth 2 have their own words for what is wrong with a form.
        oauth = _told(route, "form") and status in (400, 401, 429)
        responses[str(status)] = "OAuthError" if oauth else refusal(status)
    return {**responses, "5XX": "Fault"}


def _refusals(route: "Route") -> Iterator[int]:
    yield from (400, 429, 431)
    if route.auth.value != "open":
        yield from (401, 403)
    if _told(route, "known"):
        yield 401
    if "{" in route.path:
        yield 404
    if not _told(route, "form"):
        # Where there is nothing else to get wrong there are unknown parameters.
        yield 422
    if route.method in UNSAFE_METHODS:
        yield from (408, 413, 415)
    if _is_command(route):
        yield 409
        if route.method != "POST":
            yield 412


def _success(route: "Route") -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    media = _told(route, "media") or JSON
    if media != JSON:
        return {**answer, "content": {media: {"schema": TEXT}}}
    if route.reply is None:
        return answer
    schema: Any = route.reply
    headers: dict[str, Any] = {}
    if route.many:
        schema = {
            "type": "object",
            "required": ["items", "next_cursor"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "next_cursor": {"type": ["string", "null"]},
            },
        }
        headers["Link"] = {"schema": TEXT, "description": 'The next page, as rel="next".'}
    elif "version" in route.reply().fields:
        headers["ETag"] = {"required": True, **ETAG}
    elif _told(route, "conditional"):
        headers["ETag"] = {"required": True, **TAG}
    if route.status == HTTPStatus.CREATED:
        headers["Location"] = {"required": True, "schema": TEXT, "description": "The address of what was created."}
    return {**answer, **({"headers": headers} if headers else {}), "content": {JSON: {"schema": schema}}}


def _is_command(route: "Route") -> bool:
    return route.method in UNSAFE_METHODS and not (_told(route, "form") or _told(route, "reads"))


def _told(route: "Route", what: str) -> Any:
    return getattr(route.handler, f"openapi_{what}", None)


def _operation_id(route: "Route") -> str:
    words = re.findall(r"[A-Za-z0-9]+", route.path.removeprefix("/api/v1"))
    return "_".join([route.method.lower(), *words])
