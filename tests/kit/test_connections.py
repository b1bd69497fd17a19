"""Connections: what isn't HTTP, clients that say nothing, and clients that take nothing, on real sockets."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
import pytest
from aiohttp import web

from punctual.kit import connections
from punctual.kit.connections import STALLED_SECONDS, Runner, Stalled

MUCH = b"x" * 32 * 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def short(_request: web.Request) -> web.Response:
    return web.Response(text="here")


async def slow(_request: web.Request) -> web.Response:
    await asyncio.sleep(0.8)
    return web.Response(text="at last")


async def long(_request: web.Request) -> web.Response:
    return web.Response(body=MUCH)


async def broken(_request: web.Request) -> web.Response:
    raise ValueError("secret")


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not check():  # noqa: ASYNC110 - what is waited for knows no events
            await asyncio.sleep(0.01)


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a server of this handler."""
    app = web.Application()
    app.router.add_get("/", handler)
    runner = Runner(app)
    async with runner.serving("127.0.0.1", 0):
        reader, writer = await asyncio.open_connection(*runner.addresses[0])
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fractions of a second for everything."""
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.4)
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.4)
    monkeypatch.setattr(connections, "SWEEP_SECONDS", 0.1)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: a", GET], ids=["none", "half", "whole"])
async def test_who_sends_no_request_in_time_is_cut_off(impatient: None, begun: bytes) -> None:
    async with served(short) as (reader, writer):
        writer.write(begun)
        async with asyncio.timeout(4):
            received = await reader.read()

    assert received.startswith(b"HTTP/1.1 200 ") is (begun == GET)


async def test_headers_that_trickle_in_gain_no_time(impatient: None) -> None:
    async with served(short) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
        began = time.monotonic()
        while not reader.at_eof() and time.monotonic() - began < 4:
            writer.write(b"X-Slow: a\r\n")
            try:
                async with asyncio.timeout(0.2):
                    await reader.read(1)
            except (TimeoutError, ConnectionError):
                continue

    assert time.monotonic() - began < 3


async def test_who_waits_for_an_answer_is_not_cut_off(impatient: None) -> None:
    async with served(slow) as (reader, writer):
        writer.write(GET)
        head = await reader.readuntil(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 ")


async def test_who_takes_nothing_of_an_answer_is_cut_off(impatient: None) -> None:
    app = web.Application()
    app.router.add_get("/", long)
    runner = Runner(app)
    async with runner.serving("127.0.0.1", 0):
        reader, writer = await asyncio.open_connection(*runner.addresses[0])
        writer.write(GET)
        await until(lambda: bool(runner.server.connections))
        await until(lambda: not runner.server.connections)
        received = 0
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(1024 * 1024):
                received += len(chunk)
        writer.close()

    assert received < len(MUCH)


class Transport:
    """A fake with a buffer that somebody else fills and empties."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        self.aborted = False

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def abort(self) -> None:
        self.aborted = True


class Connection:
    def __init__(self, waiting: int) -> None:
        self.transport = Transport(waiting)


def test_only_who_makes_no_progress_for_the_whole_time_has_stalled() -> None:
    stuck, slow, done = Connection(10), Connection(10), Connection(10)
    stalled = Stalled()

    counts = [stalled.cut_off([stuck, slow, done], 0.0)]
    stuck.transport.waiting, slow.transport.waiting, done.transport.waiting = 12, 9, 0
    counts.append(stalled.cut_off([stuck, slow, done], STALLED_SECONDS - 1))
    counts.append(stalled.cut_off([stuck, slow, done], STALLED_SECONDS + 1))

    assert counts == [0, 0, 1]
    assert (stuck.transport.aborted, slow.transport.aborted, done.transport.aborted) == (True, False, False)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Secret: " + b"secret" * 2000 + b"\r\n\r\n", 431),
        (b"GET /" + b"secret" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"secret: x\r\n" * 100 + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nsecret : x\r\n\r\n", 400),
        (b"secret\r\n\r\n", 400),
        (b"\x16\x03\x01secret\r\n\r\n", 400),
    ],
)
async def test_what_is_not_http_is_answered_with_a_problem_that_repeats_nothing(request_: bytes, status: int) -> None:
    async with served(short) as (reader, writer):
        writer.write(request_)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")

    assert f" {status} ".encode() in head.splitlines()[0]
    assert b"application/problem+json" in head
    assert b"secret" not in body
    assert orjson.loads(body)["request_id"].encode() in head


async def test_a_fault_that_nothing_caught_is_a_problem_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    async with served(broken) as (reader, writer):
        writer.write(GET)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")

    assert b" 500 " in head.splitlines()[0]
    assert orjson.loads(body)["code"] == "failed"
    assert b"secret" not in body
    assert "secret" in caplog.text


async def test_what_is_under_way_at_the_end_is_finished_and_nobody_new_is_let_in() -> None:
    began, go = asyncio.Event(), asyncio.Event()

    async def held(_request: web.Request) -> web.Response:
        began.set()
        await go.wait()
        return web.Response(text="finished")

    app = web.Application()
    app.router.add_get("/", held)
    runner = Runner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = runner.addresses[0]
    reader, writer = await asyncio.open_connection(*address)
    writer.write(GET)
    await began.wait()
    ending = asyncio.create_task(runner.cleanup())
    await asyncio.sleep(0.1)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(*address)
    go.set()

    assert (await reader.read()).endswith(b"finished")
    await ending
    writer.close()
