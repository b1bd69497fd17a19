"""The gateway as a client sees it that sends whatever it likes, byte for byte."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from tests.flows.client import Answer, ApiClient

# What must be as it was after each refusal.
PROJECT, TASK = "/api/v1/projects/BAD", "/api/v1/tasks/BAD-1"


def send(
    client: ApiClient,
    method: str,
    path: str,
    body: bytes | None = None,
    *,
    chunked: bool = False,
    **headers: str,
) -> Answer:
    """One request with exactly this path and body; header names use underscores."""
    connection = http.client.HTTPConnection(urlsplit(client.url).netloc, timeout=40)
    sent = {"Authorization": f"Bearer {client.token}", **{key.replace("_", "-"): text for key, text in headers.items()}}
    if body is not None:
        sent.setdefault("Content-Type", "application/json")
    try:
        # http.client refuses what it is here to send.
        connection._validate_path = lambda _: None  # type: ignore[method-assign]
        data: Any = iter([body]) if chunked else body
        connection.request(method, path, data, sent, encode_chunked=chunked)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def refusal(answer: Answer, status: int, code: str | None = None, field: str | None = None) -> dict[str, Any]:
    """The problem of a refused request, checked to be a whole one."""
    problem: dict[str, Any] = answer.body
    assert answer.status == status, answer
    assert answer.headers["Content-Type"].startswith("application/problem+json"), answer.headers
    assert {"title", "status", "code", "detail", "request_id"} <= problem.keys()
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert code is None or problem["code"] == code, problem
    assert field is None or list(problem["errors"]) == [field], problem
    return problem


def raw(value: Any) -> bytes:
    """JSON as Python writes it: lone surrogates and all."""
    return json.dumps(value).encode()
