"""Streams: each event at once, an end that is noticed on both sides, and no cut that looks whole."""

import asyncio
import time

import pytest
from aiohttp import ClientPayloadError, web

from punctual.gateway import door, streams
from punctual.kit import ids
from tests.gateway.conftest import Gateway
from tests.gateway.stub import Stub

PATH = "/api/v1/notifications/stream"
# What takes this many seconds is stuck.
PATIENCE = 10


class Events:
    """A stream that says what the test puts in; `gone` is set when its reader has left."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.gone = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        try:
            while request.transport is not None:
                try:
                    event = await asyncio.wait_for(self.queue.get(), 0.02)
                except TimeoutError:
                    continue
                if event is None:
                    return response
                await response.write(event)
        finally:
            self.gone.set()
        return response


@pytest.fixture
def events(stubs: dict[str, Stub], monkeypatch: pytest.MonkeyPatch) -> Events:
    monkeypatch.setattr(streams, "WATCH_SECONDS", 0.05)
    stream = Events()
    stubs["notification"].answer = stream.answer
    return stream


async def test_each_event_is_passed_on_at_once(gateway: Gateway, events: Events):
    async with gateway.request("GET", PATH, headers=gateway.ada) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-cache"
        for number in range(3):
            event = f"id: {number}\n\n".encode()
            events.queue.put_nowait(event)

            assert await asyncio.wait_for(response.content.readany(), PATIENCE) == event


async def test_a_silent_stream_stays_open_longer_than_any_answer_may_take(
    gateway: Gateway, events: Events, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("punctual.gateway.proxy.STREAM_ANSWER_SECONDS", 0.2)
    async with gateway.request("GET", PATH, headers=gateway.ada) as response:
        await asyncio.sleep(0.4)
        events.queue.put_nowait(b"late")

        assert await response.content.readany() == b"late"


async def test_the_stream_ends_when_the_service_ends_it(gateway: Gateway, events: Events):
    async with gateway.request("GET", PATH, headers=gateway.ada) as response:
        events.queue.put_nowait(None)

        assert await response.content.read() == b""


async def test_the_service_learns_that_the_reader_has_left(gateway: Gateway, events: Events):
    async with gateway.request("GET", PATH, headers=gateway.ada) as response:
        events.queue.put_nowait(b"x")
        await response.content.readany()

    await asyncio.wait_for(events.gone.wait(), PATIENCE)


async def test_a_revoked_session_loses_its_open_stream(gateway: Gateway, events: Events):
    async with gateway.request("GET", PATH, headers=gateway.ada) as response:
        gateway.denylist.revoke(gateway.session_id)

        assert await asyncio.wait_for(response.content.read(), PATIENCE) == b""
    await asyncio.wait_for(events.gone.wait(), PATIENCE)


async def test_another_session_keeps_its_stream(gateway: Gateway, events: Events):
    async with gateway.request("GET", PATH, headers=gateway.ada) as response:
        gateway.denylist.revoke(ids.uuid7())
        await asyncio.sleep(0.15)
        events.queue.put_nowait(b"still here")

        assert await response.content.readany() == b"still here"


async def test_a_stream_is_ended_after_its_longest_time(
    gateway: Gateway, events: Events, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(door, "MAX_STREAM_SECONDS", 0.1)
    started = time.monotonic()
    async with gateway.request("GET", PATH, headers=gateway.ada) as response:
        assert await response.content.read() == b""
    assert time.monotonic() - started < PATIENCE


async def test_an_answer_that_the_service_breaks_off_does_not_look_whole(gateway: Gateway, stubs: dict[str, Stub]):
    async def answer(request):
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"x" * 100_000)
        request.transport.abort()
        return response

    stubs["task"].answer = answer
    with pytest.raises(ClientPayloadError):
        async with gateway.request("GET", "/api/v1/tasks", headers=gateway.ada) as response:
            await response.read()


async def test_a_refused_stream_is_answered_like_anything_else(gateway: Gateway, stubs: dict[str, Stub]):
    async def answer(request):
        return web.json_response({"code": "forbidden"}, status=403)

    stubs["notification"].answer = answer
    response = await gateway.get(PATH)

    assert response.status == 403
    assert response.json() == {"code": "forbidden"}
