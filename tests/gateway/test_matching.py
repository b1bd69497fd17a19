"""Raw paths: what reaches a service is what was matched, or nothing does."""

import pytest

from tests.gateway.conftest import Gateway
from tests.gateway.stub import Stub


@pytest.mark.parametrize(
    "path",
    [
        "/internal/revocations",
        "/internal/openapi.json",
        "/api/v1/internal",
        "/api/v1",
        "/api/v1/tasks/",
        "/api/v1/tasks/OPS-1/",
        "/api/v1/projects/",
        "/api/v1/tasks/OPS-1/unknown",
        "/api/v1/operations/gateway/0190b6a0-0000-7000-8000-000000000001",
        "/api/v2/tasks",
        "/API/v1/tasks",
        "/health",
        "/health/",
        "/.well-known/elsewhere",
    ],
)
async def test_a_path_that_is_not_in_the_table_is_not_found(gateway: Gateway, stubs: dict[str, Stub], path):
    response = await gateway.get(path)

    assert response.status == 404
    assert response.json()["code"] == "not_found"
    assert not any(stub.seen for stub in stubs.values())


@pytest.mark.parametrize(
    "target",
    [
        "//api/v1/tasks",
        "/api//v1/tasks",
        "/api/v1/tasks/../../../internal/revocations",
        "/api/v1/tasks/%2e%2e/%2e%2e/internal/revocations",
        "/api/v1/tasks/..%2f..%2finternal%2frevocations",
        "/api/v1/tasks/.",
        "/api/v1/tasks/..",
        "/api/v1/tasks/OPS%2D1",
        "/api/v1/tasks/OPS-1%2fcomments",
        "/api/v1/tasks/OPS-1%00",
        "/api/v1/tasks/OPS-1;a=b",
        "/api/v1/tasks/OPS-1\\comments",
        "/api/v1/tasks/%c0%ae%c0%ae/",
        "/api/v1/tasks/\xe4",
    ],
)
async def test_a_devious_path_is_refused(gateway: Gateway, stubs: dict[str, Stub], target):
    answer = await gateway.raw_get(target)

    assert answer[9:12] in (b"400", b"404")
    assert not any(stub.seen for stub in stubs.values())


async def test_the_query_is_forwarded_exactly_as_it_came(gateway: Gateway, stub: Stub):
    await gateway.get("/api/v1/tasks?q=a%2Fb+c%20d&due_before=2026-01-01T00:00:00%2B02:00&q=&empty")

    assert stub.last.target == "/api/v1/tasks?q=a%2Fb+c%20d&due_before=2026-01-01T00:00:00%2B02:00&q=&empty"


async def test_characters_that_must_be_escaped_are_refused_in_a_query(gateway: Gateway, stub: Stub):
    answer = await gateway.raw_get("/api/v1/tasks?q=\xe4")

    assert answer[9:12] == b"400"
    assert not stub.seen


async def test_a_target_with_scheme_and_host_is_read_as_its_path(gateway: Gateway, stub: Stub):
    answer = await gateway.raw_get("http://elsewhere/api/v1/tasks/OPS-1?x=1")

    assert answer[9:12] == b"200"
    assert stub.last.target == "/api/v1/tasks/OPS-1?x=1"


async def test_a_target_with_scheme_and_host_is_no_way_round(gateway: Gateway, stubs: dict[str, Stub]):
    for path in ("/internal/revocations", "/api/v1/tasks/../../internal/revocations", ""):
        answer = await gateway.raw_get(f"http://elsewhere{path}")

        assert answer[9:12] in (b"400", b"404")
    assert not any(stub.seen for stub in stubs.values())


@pytest.mark.parametrize("line", ["CONNECT elsewhere:443", "OPTIONS *", "TRACE /api/v1/tasks"])
async def test_methods_for_other_purposes_get_nowhere(gateway: Gateway, stubs: dict[str, Stub], line):
    answer = await gateway.raw(f"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 4")
    assert not any(stub.seen for stub in stubs.values())


async def test_a_method_that_a_path_does_not_have_is_answered_with_those_it_has(gateway: Gateway, stub: Stub):
    response = await gateway.send("POST", "/api/v1/tasks/OPS-1")

    assert response.status == 405
    assert response.headers["Allow"] == "DELETE, GET, HEAD, PATCH"
    assert "GET" in response.json()["detail"]
    assert not stub.seen


async def test_head_is_answered_like_get_without_the_body(gateway: Gateway, stub: Stub):
    authorization = gateway.ada["Authorization"]
    head = (
        f"HEAD /api/v1/tasks/OPS-1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {authorization}\r\n\r\n"
    )
    answer = await gateway.raw(head.encode())

    assert answer[9:12] == b"200"
    assert b"Content-Length: 19\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")
    assert stub.last.method == "GET"


async def test_a_stream_has_no_head(gateway: Gateway):
    assert (await gateway.send("HEAD", "/api/v1/notifications/stream")).status == 405
