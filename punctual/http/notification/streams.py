"""The live stream: Server-Sent Events, one for each new notification, resumable by Last-Event-ID.

What RabbitMQ tells is only that there is something new; what, the stream reads from the database, from where it
stands on. So nothing is told twice, and what a gap in the connection to RabbitMQ hid is found when it is back.
"""

import asyncio
import logging
from uuid import UUID

from aiohttp import web

from punctual.http.notification.wakeups import Sleeper, wakeups
from punctual.kit.errors import Unauthenticated, Unavailable
from punctual.kit.openapi import documented
from punctual.kit.tokens import bearer
from punctual.kit.web import BUS, CLOSING, VERIFIER, user_id
from punctual.queries import Row
from punctual.queries.notification import inbox as queries

log = logging.getLogger(__name__)
BEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 3_000
BEGINNING = UUID(int=0)
_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@documented(media="text/event-stream")
async def stream(request: web.Request) -> web.StreamResponse:
    """Follow the caller's new notifications (text/event-stream), from Last-Event-ID on or from now."""

    def alive() -> bool:
        return request.transport is not None and not request.transport.is_closing()

    news = wakeups(request.app[BUS])
    with news.sleeper(user_id(request), alive) as sleeper:
        closing = asyncio.create_task(request.app[CLOSING].wait())
        closing.add_done_callback(lambda _: sleeper.news.set())
        try:
            await news.listen()
            return await _answer(request, sleeper)
        finally:
            closing.cancel()


async def _answer(request: web.Request, sleeper: Sleeper) -> web.StreamResponse:
    event_id, position = await _start(request)
    response = web.StreamResponse(headers=_HEADERS)
    try:
        await response.prepare(request)
        # An id without data dispatches nothing, but is where a client resumes that was cut off before any event.
        await response.write(f"retry: {RETRY_MILLISECONDS}\nid: {event_id}\n\n".encode())
        await _follow(request, response, sleeper, position)
        await response.write_eof()
    except ConnectionError:
        log.debug("A stream's client is gone")
    return response


async def _start(request: web.Request) -> tuple[UUID, int]:
    last = request.headers.get("Last-Event-ID", "").strip()
    if last == str(BEGINNING):
        return BEGINNING, 0
    if last and (position := await _position(request, last)) is not None:
        return UUID(last), position
    return await queries.latest(user_id(request)) or (BEGINNING, 0)


async def _position(request: web.Request, last: str) -> int | None:
    try:
        return await queries.position(user_id(request), UUID(last))
    except ValueError:
        return None


async def _follow(request: web.Request, response: web.StreamResponse, sleeper: Sleeper, position: int) -> None:
    while sleeper.alive() and not request.app[CLOSING].is_set():
        sleeper.news.clear()
        rows = await _news(request, position)
        # Judged after reading, as reading takes time: whoever was put out meanwhile is told nothing more.
        if not await _may_go_on(request):
            return
        if rows:
            await response.write(b"".join(map(_frame, rows)))
            position = rows[-1]["position"]
        if len(rows) < queries.STREAM_BATCH and not await _woken(sleeper):
            await response.write(b": beat\n\n")
            await wakeups(request.app[BUS]).listen()


async def _may_go_on(request: web.Request) -> bool:
    try:
        await request.app[VERIFIER].verify(bearer(request.headers.get("Authorization")))
    except Unauthenticated:
        return False
    return True


async def _news(request: web.Request, position: int) -> list[Row]:
    try:
        return await queries.since(user_id(request), position)
    except Unavailable:
        return []


async def _woken(sleeper: Sleeper) -> bool:
    try:
        async with asyncio.timeout(BEAT_SECONDS):
            return await sleeper.news.wait()
    except TimeoutError:
        return False


def _frame(row: Row) -> bytes:
    return f"id: {row['id']}\nevent: notification\ndata: {row['body']}\n\n".encode()
