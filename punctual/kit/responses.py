"""HTTP answers: JSON, and problems as RFC 9457 has them."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from punctual.kit import logs, wire
from punctual.kit.errors import DomainError


def json_response(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer; `body` may be bytes that are JSON already."""
    raw = body if isinstance(body, bytes) else wire.dumps(body)
    return web.Response(body=raw, status=status, headers=headers, content_type="application/json")


def representation(body: str | bytes, version: int) -> web.Response:
    """200 with a representation that the database has rendered, and its ETag."""
    raw = body.encode() if isinstance(body, str) else body
    return web.Response(body=raw, headers={"ETag": f'"{version}"'}, content_type="application/json")


def problem_response(problem: dict[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    """application/problem+json with this request's id."""
    body = wire.dumps({**problem, "request_id": logs.request_id()})
    headers = dict(headers or {})
    if problem["status"] == 503:
        headers.setdefault("Retry-After", "2")
    if problem["status"] == 429 and "retry_after" in problem:
        headers.setdefault("Retry-After", str(problem["retry_after"]))
    if problem["status"] == 401:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="punctual"')
    return web.Response(body=body, status=problem["status"], headers=headers, content_type="application/problem+json")


def error_response(error: DomainError) -> web.Response:
    """A broken rule as its problem."""
    return problem_response(error.problem())
