"""One message is one message, whoever else reads it: request smuggling, header injection, and what is too much."""

import asyncio
import re

import pytest

from punctual.kit.settings import SERVICES
from punctual.kit.web import MAX_BODY_BYTES
from tests.flows.stack import Stack
from tests.security.api import Api, Person
from tests.security.raw import Received, exchange, request
from tests.security.test_tokens import address

# What a smuggler hides behind the first message: it must never be answered.
HIDDEN = request("GET /health/live", "X-Smuggled: yes")
LINE = "POST /api/v1/auth/token"
FORM = "Content-Type: application/x-www-form-urlencoded"
CHUNKED = "Transfer-Encoding: chunked"
NONE = b"0\r\n\r\n"


def post(*headers: str, body: bytes = b"") -> bytes:
    return request(LINE, FORM, *headers, body=body)


SHAPES = {
    "length and chunks": post("Content-Length: 4", CHUNKED, body=NONE),
    "chunks and length": post(CHUNKED, "Content-Length: 4", body=NONE),
    "two lengths": post("Content-Length: 0", "Content-Length: 40"),
    "the same length twice": post("Content-Length: 0", "Content-Length: 0"),
    "a list of lengths": post("Content-Length: 0, 40"),
    "a length with a sign": post("Content-Length: +0"),
    "a negative length": post("Content-Length: -1"),
    "a length in hexadecimal": post("Content-Length: 0x0"),
    "a length with an underscore": post("Content-Length: 1_0"),
    "a length over any number": post("Content-Length: 99999999999999999999"),
    "a blank before the colon of the length": post("Content-Length : 0"),
    "a blank before the colon of the coding": post("Transfer-Encoding : chunked", body=NONE),
    "an unknown coding": post("Transfer-Encoding: xchunked", body=NONE),
    "no coding by name": post("Transfer-Encoding: identity", body=NONE),
    "chunks that aren't last": post("Transfer-Encoding: chunked, identity", body=NONE),
    "chunks after another coding": post("Transfer-Encoding: identity, chunked", body=NONE),
    "chunks twice": post("Transfer-Encoding: chunked, chunked", body=NONE),
    "two codings": post(CHUNKED, "Transfer-Encoding: identity", body=NONE),
    "a vertical tab before the coding": post("Transfer-Encoding: \x0bchunked", body=NONE),
    "a null after the coding": post("Transfer-Encoding: chunked\x00", body=NONE),
    "a folded coding": post("Transfer-Encoding:\r\n chunked", body=NONE),
    "chunks in HTTP/1.0": post(CHUNKED, "Connection: keep-alive", body=NONE).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "bare line feeds": post("Content-Length: 0").replace(b"\r\n", b"\n"),
    "a bare line feed in a header": post("X-Header: a\nContent-Length: 0"),
    "a bare carriage return in a header": post("X-Header: a\rContent-Length: 40", "Content-Length: 0"),
    "a bare line feed at the end": post("Content-Length: 0")[:-2] + b"\n",
    "a size of a chunk in another notation": post(CHUNKED, body=b"0x0\r\n\r\n"),
    "a negative size of a chunk": post(CHUNKED, body=b"-1\r\n\r\n"),
    "a size of a chunk over any number": post(CHUNKED, body=b"F" * 17 + b"\r\n\r\n"),
    "a size of a chunk ended by a line feed": post(CHUNKED, body=b"0\n\n"),
    "a chunk longer than it says": post(CHUNKED, body=b"1\r\nabc\r\n" + NONE),
    "a chunk without its end": post(CHUNKED, body=b"1\r\naXX" + NONE),
    "a line feed in an extension of a chunk": post(CHUNKED, body=b"0;a=b\nGET /x HTTP/1.1\r\n\r\n"),
    "a length among the trailers": post(CHUNKED, body=b"0\r\nContent-Length: 40\r\n\r\n"),
    "a null in a header": request("GET /health/live", "X-Header: a\x00b"),
    "a blank in the name of a header": request("GET /health/live", "X Header: a"),
    "a name without a colon": request("GET /health/live", "X-Header"),
    "a folded header": request("GET /health/live", "X-Header: a", " b"),
    "two hosts": request("GET /health/live", "Host: y"),
    "no host": b"GET /health/live HTTP/1.1\r\n\r\n",
    "a version that nobody speaks": request("GET /health/live").replace(b"HTTP/1.1", b"HTTP/9.9"),
    "no version": b"GET /health/live\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a tab in the first line": b"GET\t/health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    "a blank in the path": request("GET /health/live /x"),
    "too many headers": request("GET /health/live", *(f"X-{number}: a" for number in range(65))),
    "a header that is too long": request("GET /health/live", "X-Header: " + "a" * 8200),
    "an address that is too long": request("GET /health/live?" + "a" * 8200),
}
# Two messages, and both are read as what they are.
CLEAR = {
    "a body that is declared": request("GET /health/live", f"Content-Length: {len(HIDDEN)}", body=HIDDEN),
    "chunks in other letters": post("tRANSFER-eNCODING: cHuNkEd", body=NONE),
    "chunks with an extension": post(CHUNKED, body=b"0;a=b\r\n\r\n"),
}


@pytest.mark.parametrize("door", ["gateway", *SERVICES])
async def test_what_could_be_read_in_two_ways_is_refused_and_ends_the_connection(stack: Stack, door: str) -> None:
    url = address(stack, door)
    shapes = {name: sent for name, sent in SHAPES.items() if door == "gateway" or name not in _AT_THE_DOOR_ONLY}

    received = await asyncio.gather(*(exchange(url, sent + HIDDEN) for sent in shapes.values()))

    found = dict(zip(shapes, received, strict=True))
    assert {name: got for name, got in found.items() if len(got.statuses) != 1 or got.open} == {}
    assert {name: got for name, got in found.items() if got.statuses[0] not in (400, 431)} == {}
    for name, got in found.items():
        assert b"application/problem+json" in got.raw, name
        assert b"Smuggled" not in got.raw, name


# A service only hears what the gateway has framed anew.
_AT_THE_DOOR_ONLY = ("chunks after another coding", "chunks in HTTP/1.0", "no version")


async def test_two_clear_messages_are_two(stack: Stack) -> None:
    received = await asyncio.gather(*(exchange(stack.url, sent + HIDDEN, answers=2) for sent in CLEAR.values()))

    statuses = {name: got.statuses for name, got in zip(CLEAR, received, strict=True)}
    assert statuses == {
        "a body that is declared": [200, 200],
        "chunks in other letters": [400, 200],
        "chunks with an extension": [400, 200],
    }


@pytest.mark.parametrize("value", ["a%0d%0aX-Injected:%20yes", "a%0aX-Injected:%20yes", "%E5%98%8D%E5%98%8AX-Injected"])
async def test_nothing_of_a_request_becomes_a_header_of_its_answer(stack: Stack, value: str) -> None:
    targets = [f"/api/v1/projects/{value}", f"/api/v1/tasks?q={value}", f"/nowhere/{value}", f"/{value}"]
    answers = [await exchange(stack.url, request(f"GET {target}", "Connection: close")) for target in targets]
    by_header = await exchange(
        stack.url, request("GET /health/live", "Connection: close", f"X-Request-ID: {value}", f"Origin: {value}")
    )

    for answer in (*answers, by_header):
        assert not re.search(rb"^X-Injected", answer.raw, re.MULTILINE | re.IGNORECASE)


async def test_a_key_or_a_name_with_line_ends_reaches_no_header(api: Api, root: Person) -> None:
    tricky = "x\r\nX-Injected: yes"

    reply = await api.send("PATCH", "/api/v1/users/me", token=root.token, body={"display_name": tricky})
    created = await api.send("POST", "/api/v1/projects", token=root.token, body={"key": tricky, "name": tricky})

    assert (reply.status, created.status) == (422, 422)
    assert "X-Injected" not in reply.headers.keys() | created.headers.keys()


@pytest.mark.parametrize("door", ["gateway", "auth"])
@pytest.mark.parametrize("framing", ["length", "chunks"])
async def test_a_body_over_the_limit_is_refused_without_being_read(stack: Stack, door: str, framing: str) -> None:
    if framing == "length":
        sent = post(f"Content-Length: {MAX_BODY_BYTES + 1}", body=b"x" * 1000)
    else:
        sent = post(CHUNKED, body=b"100000\r\n" + b"x" * 0x100000 + b"\r\n1\r\nx\r\n" + NONE)

    got = await exchange(address(stack, door), sent, answers=1)

    assert got.statuses == [413], got.raw[:300]


async def test_a_compressed_body_is_refused(stack: Stack) -> None:
    got = await exchange(
        stack.url, post("Content-Encoding: gzip", "Content-Length: 4", body=b"\x1f\x8b\x08\x00"), answers=1
    )

    assert got.statuses == [415], got


def test_the_shapes_are_what_they_say() -> None:
    assert Received(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.0 400 Bad Request\r\n", open=False).statuses == [200, 400]
    assert all(name in SHAPES for name in _AT_THE_DOOR_ONLY)
