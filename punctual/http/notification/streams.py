"""The live stream: Server-Sent Events, one for each new notification, resumable by Last-Event-ID.

What RabbitMQ tells is only that there is something new; what, the stream reads from the database, from where it
stands on. So nothing is told twice, and what a gap in the connection to RabbitMQ hid is found when it is back.
"""

from uuid import UUID

from aiohttp import web

from punctual.kit.errors import Unavailable
from punctual.kit.feeds import Feed, Follower
from punctual.kit.openapi import documented
from punctual.kit.streams import serve
from punctual.kit.web import user_id
from punctual.queries import Row
from punctual.queries.notification import inbox as queries
from punctual.schemas.events import NOTIFICATION_CREATED

BEGINNING = UUID(int=0)
FEED = Feed((NOTIFICATION_CREATED.name,), lambda event: map(UUID, event["payload"]["user_ids"]))


@documented(media="text/event-stream")
async def stream(request: web.Request) -> web.StreamResponse:
    """Follow the caller's new notifications (text/event-stream), from Last-Event-ID on or from now."""
    me = user_id(request)
    return await serve(request, FEED, me, _Notifications(me, request.headers.get("Last-Event-ID", "").strip()))


class _Notifications:
    """One person's, after a position."""

    def __init__(self, me: UUID, last: str) -> None:
        self._me = me
        self._last = last
        self._position = 0

    async def begin(self) -> str:
        event_id, self._position = await self._start()
        # An id without data dispatches nothing, but is where a client resumes that was cut off before any event.
        return f"id: {event_id}\n"

    async def news(self, follower: Follower) -> bytes:
        follower.take()
        try:
            rows = await queries.since(self._me, self._position)
        except Unavailable:
            return b""
        if rows:
            self._position = rows[-1]["position"]
        if len(rows) == queries.STREAM_BATCH:
            follower.news.set()
        return b"".join(map(_frame, rows))

    async def _start(self) -> tuple[UUID, int]:
        if self._last == str(BEGINNING):
            return BEGINNING, 0
        if self._last and (position := await self._position_of_last()) is not None:
            return UUID(self._last), position
        return await queries.latest(self._me) or (BEGINNING, 0)

    async def _position_of_last(self) -> int | None:
        try:
            return await queries.position(self._me, UUID(self._last))
        except ValueError:
            return None


def _frame(row: Row) -> bytes:
    return f"id: {row['id']}\nevent: notification\ndata: {row['body']}\n\n".encode()
