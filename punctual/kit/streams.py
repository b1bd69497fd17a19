"""Server-Sent Events: how a stream is opened, fed, watched and ended."""

import asyncio
import logging
import time
from typing import Protocol
from uuid import UUID

from aiohttp import web

from punctual.kit.errors import Unauthenticated
from punctual.kit.feeds import Feed, Follower, Followers
from punctual.kit.tokens import bearer
from punctual.kit.web import BUS, CLOSING, VERIFIER, user_id

log = logging.getLogger(__name__)
BEAT_SECONDS = 15.0
# What was decided just before a stream began may become known just after.
FIRST_BEAT_SECONDS = 1.0
# So soon a stream ends after its session did.
WATCH_SECONDS = 1.0
RETRY_MILLISECONDS = 3_000
_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Source(Protocol):
    """What one stream says."""

    async def begin(self) -> str:
        """The first lines, or none. Raises DomainError: then there is no stream."""

    async def news(self, follower: Follower) -> bytes | None:
        """What there is to say after an event or a beat; None ends the stream. It sets `news` if there is more."""


async def serve(
    request: web.Request, feed: Feed, topic: UUID, source: Source, age: int | None = None
) -> web.StreamResponse:
    """Answer with the stream, for as long as its session lasts and somebody reads it. Raises DomainError.

    `age` is how many milliseconds ago the reader read what it shows: events since then were missed.
    """

    def alive() -> bool:
        return request.transport is not None and not request.transport.is_closing()

    followers = feed.of(request.app[BUS])
    with followers.follower(topic, user_id(request), alive) as follower:
        closing = asyncio.create_task(request.app[CLOSING].wait())
        closing.add_done_callback(lambda _: follower.news.set())
        try:
            await followers.listen()
            if age is not None and followers.may_have_passed(topic, age / 1000):
                follower.miss()
            return await _answer(request, followers, follower, source)
        finally:
            closing.cancel()


async def _answer(request: web.Request, followers: Followers, follower: Follower, source: Source) -> web.StreamResponse:
    first = await source.begin()
    response = web.StreamResponse(headers=_HEADERS)
    try:
        await response.prepare(request)
        await response.write(f"retry: {RETRY_MILLISECONDS}\n{first}\n".encode())
        pause = FIRST_BEAT_SECONDS
        while follower.alive() and not request.app[CLOSING].is_set():
            follower.news.clear()
            frames = await source.news(follower)
            # Judged after reading, as reading takes time: whoever was put out meanwhile is told nothing more.
            if frames is None or not await _may_go_on(request):
                break
            if frames:
                await response.write(frames)
            if not await _woken(request, follower, min(pause, BEAT_SECONDS)):
                await response.write(b": beat\n\n")
                await followers.listen()
                pause = BEAT_SECONDS
        await response.write_eof()
    except ConnectionError:
        log.debug("A stream's client is gone")
    return response


async def _may_go_on(request: web.Request) -> bool:
    try:
        await request.app[VERIFIER].verify(bearer(request.headers.get("Authorization")))
    except Unauthenticated:
        return False
    return True


async def _woken(request: web.Request, follower: Follower, seconds: float) -> bool:
    """Whether there is something to look at within so many seconds: news, or the end of the session."""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(min(left, WATCH_SECONDS)):
                return await follower.news.wait()
        except TimeoutError:
            if not await _may_go_on(request):
                return True
    return False
