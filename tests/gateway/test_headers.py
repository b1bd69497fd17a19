"""Headers inwards and outwards."""

import re

from aiohttp import web

from tests.gateway.conftest import Gateway, opened
from tests.gateway.stub import Stub


async def test_what_could_be_taken_for_an_identity_stays_outside(gateway: Gateway, stub: Stub):
    claimed = {
        "X_User_Id": "ada",
        "X_Forwarded_User": "ada",
        "X_Forwarded_For": "10.0.0.1",
        "X_Forwarded_Host": "evil.test",
        "X_Forwarded_Proto": "https",
        "X_Real_IP": "10.0.0.1",
        "Forwarded": "for=10.0.0.1",
        "Remote_User": "ada",
        "X_Original_URL": "/internal",
        "X_HTTP_Method_Override": "DELETE",
        "Cookie": "session=1",
        "Host": "evil.test",
    }
    await gateway.get("/api/v1/tasks", **claimed)

    passed = stub.last.headers
    assert "10.0.0.1" not in str(passed)
    assert "ada" not in str(passed)
    assert "evil" not in str(passed)
    assert passed["X-Forwarded-For"] == "127.0.0.1"
    assert passed["X-Forwarded-Proto"] == "http"
    assert passed["Host"] == stub.url.removeprefix("http://")
    assert not {"Cookie", "X-Original-URL", "X-HTTP-Method-Override"} & set(passed)


async def test_what_services_need_is_passed_on(gateway: Gateway, stub: Stub):
    sent = {
        "Accept_Language": "de",
        "If_Match": '"3"',
        "If_None_Match": '"4"',
        "Prefer": "wait=1",
        "Last_Event_ID": "7",
        "Content_Type": "application/merge-patch+json",
        "Idempotency_Key": "my-key",
    }
    await gateway.send("PATCH", "/api/v1/tasks/OPS-1", b"{}", **sent)

    passed = stub.last.headers
    assert {name: passed[name.replace("_", "-")] for name in sent} == sent


async def test_hop_by_hop_headers_and_those_that_connection_lists_are_dropped(gateway: Gateway, stub: Stub):
    await gateway.raw_get("/api/v1/tasks", "Connection: If-Match, keep-alive", 'If-Match: "3"', "TE: trailers")

    assert not {"If-Match", "TE", "Keep-Alive"} & set(stub.last.headers)


async def test_hop_by_hop_headers_of_an_answer_are_dropped(gateway: Gateway, stub: Stub):
    async def answer(request):
        headers = {"Connection": "X-Private", "X-Private": "1", "Keep-Alive": "9", "X-Public": "2", "Server": "stub"}
        return web.Response(body=b"{}", headers=headers)

    stub.answer = answer
    response = await gateway.get("/api/v1/tasks")

    assert response.headers["X-Public"] == "2"
    assert not {"X-Private", "Keep-Alive", "Server"} & set(response.headers)


async def test_a_header_that_is_not_ascii_is_refused_by_name(gateway: Gateway, stub: Stub):
    for value in ("\xe4".encode(), b"\xff"):
        lines = [
            b"GET /api/v1/tasks HTTP/1.1",
            b"Host: x",
            b"Connection: close",
            b"Authorization: " + gateway.ada["Authorization"].encode(),
            b"User-Agent: " + value,
        ]
        answer = await gateway.raw(b"\r\n".join([*lines, b"", b""]))

        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"User-Agent" in answer
    assert not stub.seen


async def test_an_unsafe_request_gets_a_key_if_it_has_none(gateway: Gateway, stub: Stub):
    for method, path in (("POST", "/api/v1/projects/OPS/tasks"), ("DELETE", "/api/v1/tasks/OPS-1")):
        await gateway.send(method, path)

    keys = [seen.headers["Idempotency-Key"] for seen in stub.seen]
    assert all(re.fullmatch(r"[0-9a-f-]{36}", key) for key in keys)
    assert keys[0] != keys[1]


async def test_a_safe_request_gets_no_key(gateway: Gateway, stub: Stub):
    await gateway.get("/api/v1/tasks")

    assert "Idempotency-Key" not in stub.last.headers


async def test_a_harmless_request_id_is_kept_on_the_whole_way(gateway: Gateway, stub: Stub):
    response = await gateway.get("/api/v1/tasks", X_Request_ID="Root=1-67891233:abc/def")

    assert stub.last.headers["X-Request-ID"] == "Root=1-67891233:abc/def"
    assert response.headers["X-Request-ID"] == "Root=1-67891233:abc/def"


async def test_any_other_request_id_is_replaced(gateway: Gateway, stub: Stub):
    for bad in ("x" * 65, "a b", '"', "<script>", "a\tb"):
        response = await gateway.get("/api/v1/tasks", X_Request_ID=bad)

        assert re.fullmatch(r"[0-9a-f-]{36}", stub.last.headers["X-Request-ID"])
        assert response.headers["X-Request-ID"] == stub.last.headers["X-Request-ID"]


async def test_a_problem_carries_the_request_id(gateway: Gateway):
    response = await gateway.get("/api/nowhere", X_Request_ID="look-me-up")

    assert response.headers["X-Request-ID"] == "look-me-up"
    assert response.json()["request_id"] == "look-me-up"


async def test_every_answer_says_how_to_treat_it(gateway: Gateway):
    for path in ("/api/v1/tasks", "/nowhere", "/health/live"):
        headers = (await gateway.get(path)).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers
        assert "Server" not in headers


async def test_a_service_may_say_how_long_its_answer_keeps(gateway: Gateway, stubs: dict[str, Stub]):
    async def keys(request):
        return web.json_response({"keys": []}, headers={"Cache-Control": "public, max-age=60"})

    stubs["auth"].answer = keys
    response = await gateway.get("/.well-known/jwks.json")

    assert response.headers.getall("Cache-Control") == ["public, max-age=60"]


async def test_behind_https_browsers_are_told_to_stay_with_it(variables):
    variables(PUBLIC_URL="https://punctual.test")
    async with opened() as gateway:
        response = await gateway.get("/health/live")

        assert response.headers["Strict-Transport-Security"].startswith("max-age=")
