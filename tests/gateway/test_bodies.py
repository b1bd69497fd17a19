"""Bodies: whole, within the limit, or refused before any service hears of them."""

import asyncio
import gzip

import pytest

from punctual.gateway import bodies
from punctual.kit.web import MAX_BODY_BYTES
from tests.gateway.conftest import Gateway
from tests.gateway.stub import Stub

PATH = "/api/v1/projects/OPS/tasks"


async def test_a_body_arrives_as_it_was_sent(gateway: Gateway, stub: Stub):
    body = bytes(range(256)) * 64
    await gateway.send("POST", PATH, body, Content_Type="application/json")

    assert stub.last.body == body
    assert stub.last.headers["Content-Length"] == str(len(body))
    assert stub.last.headers["Content-Type"] == "application/json"


async def test_a_body_of_exactly_the_limit_is_let_in(gateway: Gateway, stub: Stub):
    assert (await gateway.send("POST", PATH, b"x" * MAX_BODY_BYTES)).status == 200
    assert len(stub.last.body) == MAX_BODY_BYTES


async def test_a_body_announced_too_large_is_refused_before_it_is_sent(gateway: Gateway, stub: Stub):
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {gateway.ada['Authorization']}\r\n"
        f"Content-Length: {MAX_BODY_BYTES + 1}\r\nExpect: 100-continue\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(gateway.host, gateway.port)
    writer.write(head.encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert not stub.seen


async def test_a_chunked_body_that_grows_too_large_is_refused(gateway: Gateway, stub: Stub):
    async def endless():
        for _ in range(20):
            yield b"x" * 65536

    async with gateway.request("POST", PATH, headers=gateway.ada, data=endless()) as response:
        assert response.status == 413
        assert str(MAX_BODY_BYTES) in (await response.json())["detail"]
    assert not stub.seen


async def test_a_chunked_body_within_the_limit_is_let_in_with_its_length(gateway: Gateway, stub: Stub):
    async def pieces():
        yield b'{"title":'
        yield b'"a"}'

    async with gateway.request("POST", PATH, headers=gateway.ada, data=pieces()) as response:
        assert response.status == 200
    assert stub.last.body == b'{"title":"a"}'
    assert "Transfer-Encoding" not in stub.last.headers


async def test_who_waits_for_a_word_before_sending_gets_it(gateway: Gateway, stub: Stub):
    async with gateway.request("POST", PATH, headers=gateway.ada, data=b"{}", expect100=True) as response:
        assert response.status == 200
    assert stub.last.body == b"{}"


async def test_a_compressed_body_is_refused(gateway: Gateway, stub: Stub):
    response = await gateway.send("POST", PATH, gzip.compress(b"x" * 10_000_000), Content_Encoding="gzip")

    assert response.status == 415
    assert "Content-Encoding" in response.json()["detail"]
    assert not stub.seen


async def test_a_body_is_not_waited_for_without_end(gateway: Gateway, stub: Stub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: {gateway.ada['Authorization']}\r\nContent-Length: 5\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(gateway.host, gateway.port)
    writer.write(head.encode() + b"ab")
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert not stub.seen


async def test_a_stranger_cannot_make_the_door_hold_a_body(gateway: Gateway, stub: Stub):
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    reader, writer = await asyncio.open_connection(gateway.host, gateway.port)
    writer.write(head.encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()

    assert answer.startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: xchunked",
        "Content-Length: +5",
    ],
)
async def test_a_body_with_two_readings_is_refused(gateway: Gateway, stub: Stub, framing):
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: {gateway.ada['Authorization']}\r\n{framing}\r\n\r\n"
    answer = await gateway.raw(head.encode() + b"0\r\n\r\nGET /internal HTTP/1.1\r\n\r\n")

    assert answer[9:12] == b"400"
    assert not stub.seen
