"""Handing on: answers as they are, repeats of what may be repeated, and who is to blame."""

import asyncio
import contextlib
import socket
from collections.abc import Callable

import aiohttp
import pytest
from aiohttp import web

from punctual.gateway import proxy
from tests.gateway.conftest import Gateway, opened
from tests.gateway.stub import Stub, raw_service

PATH = "/api/v1/projects/OPS/tasks"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats without long pauses."""
    monkeypatch.setattr(proxy, "PAUSES", (0.0, 0.0, 0.01, 0.01))


async def test_an_answer_comes_back_as_the_service_gave_it(gateway: Gateway, stub: Stub):
    async def answer(request):
        headers = {"ETag": '"7"', "Location": "/api/v1/tasks/x", "Link": '</api/v1/tasks?cursor=a>; rel="next"'}
        return web.Response(status=201, body=b'{"a": 1}', headers=headers, content_type="application/json")

    stub.answer = answer
    response = await gateway.send("POST", PATH, b"{}")

    assert response.status == 201
    assert response.body == b'{"a": 1}'
    assert response.headers["ETag"] == '"7"'
    assert response.headers["Location"] == "/api/v1/tasks/x"
    assert response.headers["Link"] == '</api/v1/tasks?cursor=a>; rel="next"'


@pytest.mark.parametrize("status", [204, 304, 302, 404, 412, 422, 500])
async def test_every_status_comes_back(gateway: Gateway, stub: Stub, status):
    async def answer(request):
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    stub.answer = answer
    async with gateway.request("GET", "/api/v1/tasks", headers=gateway.ada, allow_redirects=False) as response:
        assert response.status == status
    assert len(stub.seen) == 1


async def test_a_large_answer_comes_back_whole(gateway: Gateway, stub: Stub):
    async def answer(request):
        return web.Response(body=b"0123456789" * 100_000, content_type="application/json")

    stub.answer = answer
    response = await gateway.get("/api/v1/tasks")

    assert response.body == b"0123456789" * 100_000
    assert response.headers["Content-Length"] == "1000000"


async def test_a_compressed_answer_is_not_touched(gateway: Gateway, stub: Stub):
    async def answer(request):
        response = web.json_response({"a": "b" * 1000})
        response.enable_compression(web.ContentCoding.gzip)
        return response

    stub.answer = answer
    response = await gateway.get("/api/v1/tasks", Accept_Encoding="gzip")

    assert response.headers["Content-Encoding"] == "gzip"
    assert response.body[:2] == b"\x1f\x8b"


async def test_a_broken_connection_is_tried_again_with_the_same_key_and_body(variables, quick):
    async with raw_service([None, None, OK]) as (url, heads):
        variables(URL_TASK=url)
        async with opened() as gateway:
            response = await gateway.send("POST", PATH, b"{}")

        assert response.status == 200
        assert len(heads) == 3
        assert len({_header(head, b"idempotency-key") for head in heads}) == 1


async def test_an_answer_cut_short_is_asked_for_again(variables, quick):
    async with raw_service([OK[:-1], OK]) as (url, heads):
        variables(URL_TASK=url)
        async with opened() as gateway:
            response = await gateway.get("/api/v1/tasks")

        assert response.body == b"{}"
        assert len(heads) == 2


async def test_a_service_that_keeps_breaking_off_is_a_bad_gateway(variables, quick):
    async with raw_service([None] * 20) as (url, _heads):
        variables(URL_TASK=url)
        async with opened() as gateway:
            response = await gateway.send("POST", PATH, b"{}", Idempotency_Key="mine")

        problem = response.json()
        assert (response.status, problem["code"], problem["service"]) == (502, "service_broken", "task")
        assert response.headers["Retry-After"]
        assert response.headers["Idempotency-Key"] == "mine"
        assert "same Idempotency-Key" in problem["detail"]


async def test_what_is_not_http_is_a_bad_gateway(variables, quick):
    async with raw_service([b"220 mail.test ESMTP\r\n\r\n"] * 20) as (url, heads):
        variables(URL_TASK=url)
        async with opened() as gateway:
            response = await gateway.get("/api/v1/tasks")

        assert response.status == 502
        assert len(heads) == 1


async def test_a_service_that_is_away_is_named(variables, quick):
    variables(URL_TASK=f"http://127.0.0.1:{_closed_port()}")
    async with opened() as gateway:
        response = await gateway.get("/api/v1/tasks")

        problem = response.json()
        assert (response.status, problem["code"], problem["service"]) == (503, "service_away", "task")
        assert response.headers["Retry-After"] == "2"
        assert (await gateway.get("/api/v1/projects")).status == 200


async def test_a_service_that_comes_back_within_the_pauses_is_not_missed(
    variables: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(proxy, "PAUSES", (0.0, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05))
    port = _closed_port()
    variables(URL_TASK=f"http://127.0.0.1:{port}")
    async with opened() as gateway:
        asking = asyncio.create_task(gateway.get("/api/v1/tasks"))
        await asyncio.sleep(0.1)
        server = await asyncio.start_server(_always_ok, "127.0.0.1", port)
        async with server:
            assert (await asking).status == 200


async def test_nobody_waits_for_a_service_known_to_be_down(variables, monkeypatch: pytest.MonkeyPatch):
    variables(URL_TASK=f"http://127.0.0.1:{_closed_port()}")
    monkeypatch.setattr(proxy, "PAUSES", (0.0, 0.0, 0.01))
    monkeypatch.setattr(proxy, "PATIENCE_SECONDS", -1.0)
    async with opened() as gateway:
        await gateway.get("/api/v1/tasks")
        monkeypatch.setattr(proxy, "PAUSES", (0.0, 60.0))

        assert (await gateway.get("/api/v1/tasks")).status == 503


async def test_a_service_that_asks_to_come_back_soon_is_asked_once_more(gateway: Gateway, stub: Stub):
    async def answer(request):
        if len(stub.seen) == 1:
            return web.json_response({}, status=503, headers={"Retry-After": "1"})
        return web.json_response({}, status=201)

    stub.answer = answer
    response = await gateway.send("POST", PATH, b"{}")

    assert response.status == 201
    assert stub.seen[0].headers["Idempotency-Key"] == stub.seen[1].headers["Idempotency-Key"]


async def test_a_service_that_asks_to_come_back_later_is_left_alone(gateway: Gateway, stub: Stub):
    async def answer(request):
        return web.json_response({"code": "unavailable"}, status=503, headers={"Retry-After": "30"})

    stub.answer = answer
    response = await gateway.send("POST", PATH, b"{}")

    assert response.status == 503
    assert response.json()["code"] == "unavailable"
    assert len(stub.seen) == 1


async def test_a_refusal_is_passed_on_when_asking_once_more_would_take_too_long(
    gateway: Gateway, stub: Stub, monkeypatch: pytest.MonkeyPatch
):
    async def answer(request):
        await asyncio.sleep(0.3)
        return web.json_response({"code": "unavailable"}, status=503, headers={"Retry-After": "1"})

    stub.answer = answer
    monkeypatch.setattr(proxy, "MARGIN_SECONDS", 1.5)
    response = await gateway.send("POST", PATH, b"{}", Prefer="respond-async")

    assert (response.status, response.headers["Retry-After"]) == (503, "1")
    assert len(stub.seen) == 1


async def test_a_slow_service_is_a_timeout_after_the_preferred_wait_and_a_margin(
    gateway: Gateway, stub: Stub, monkeypatch: pytest.MonkeyPatch
):
    async def answer(request):
        await asyncio.sleep(0.3)
        return web.json_response({})

    stub.answer = answer
    monkeypatch.setattr(proxy, "MARGIN_SECONDS", 0.1)
    response = await gateway.send("POST", PATH, b"{}", Prefer="respond-async")

    problem = response.json()
    assert (response.status, problem["code"], problem["service"]) == (504, "service_slow", "task")
    assert response.headers["Idempotency-Key"] == stub.last.headers["Idempotency-Key"]
    assert len(stub.seen) == 1

    assert (await gateway.send("POST", PATH, b"{}", Prefer="wait=2")).status == 200


async def test_an_address_where_nobody_even_refuses_is_a_service_that_is_away(variables, monkeypatch):
    monkeypatch.setattr(proxy, "_TIMEOUT", aiohttp.ClientTimeout(total=None, sock_connect=0.1))
    monkeypatch.setattr(proxy, "MARGIN_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as silent, contextlib.ExitStack() as full:
        for _ in range(4):
            waiting = full.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(silent.getsockname())
        variables(URL_TASK=f"http://127.0.0.1:{silent.getsockname()[1]}")
        async with opened() as gateway:
            response = await gateway.send("POST", PATH, b"{}", Prefer="respond-async")

    assert response.status == 503
    assert response.headers["Retry-After"]


async def test_a_busy_connection_is_renewed_so_that_new_replicas_are_found(gateway: Gateway, stub: Stub, monkeypatch):
    async def answer(request):
        return web.json_response(request.transport.get_extra_info("peername")[1])

    stub.answer = answer
    monkeypatch.setattr(proxy, "CALLS_PER_CONNECTION", 3)
    ports = [(await gateway.get("/api/v1/tasks")).json() for _ in range(9)]

    assert len(set(ports)) in (3, 4)


async def _always_ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK)
    await writer.drain()
    writer.close()


def _header(head: bytes, name: bytes) -> bytes:
    return next(line for line in head.split(b"\r\n") if line.lower().startswith(name + b":"))


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
