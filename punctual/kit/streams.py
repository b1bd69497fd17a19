"""Server-Sent Events: who follows what in this process, and how a stream is opened, fed, watched and ended.

One exclusive queue of the process, bound to the events of a feed, wakes the streams that an event concerns.
"""

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

from aio_pika.abc import AbstractIncomingMessage
from aiohttp import web

from punctual.kit import wire
from punctual.kit.bus import Bus
from punctual.kit.errors import TooManyRequests, Unauthenticated, Unavailable
from punctual.kit.tokens import bearer
from punctual.kit.web import BUS, CLOSING, VERIFIER, user_id

log = logging.getLogger(__name__)
MOST_STREAMS = 5
MOST_HEARD = 1000
BEAT_SECONDS = 15.0
# What was decided just before a stream began may become known just after.
FIRST_BEAT_SECONDS = 1.0
# So soon a stream ends after its session did.
WATCH_SECONDS = 1.0
RETRY_MILLISECONDS = 3_000
_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
Event = dict[str, Any]


@dataclass(eq=False, slots=True)
class Follower:
    """One stream. `news` is set when there may be something new, or when it should look whether to end."""

    alive: Callable[[], bool]
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: list[Event] = field(default_factory=list)
    _missed: bool = False

    def hear(self, event: Event) -> None:
        """Note an event; of too many at once only that there were some."""
        if len(self._heard) < MOST_HEARD:
            self._heard.append(event)
        else:
            self._missed = True
        self.news.set()

    def miss(self) -> None:
        """Note that events may have passed unheard."""
        self._missed = True
        self.news.set()

    def take(self) -> tuple[list[Event], bool]:
        """What was heard since the last time, and whether there may have been more."""
        heard, missed = self._heard, self._missed
        self._heard, self._missed = [], False
        return heard, missed


class Followers:
    """The streams of one feed in one process, by what they follow and by whose they are."""

    def __init__(self, bus: Bus, events: Iterable[str], concerns: Callable[[Event], Iterable[UUID]]) -> None:
        self._bus = bus
        self._events = tuple(events)
        self._concerns = concerns
        self._listening = False
        self._lock = asyncio.Lock()
        self._by_topic: defaultdict[UUID, set[Follower]] = defaultdict(set)
        self._by_owner: defaultdict[UUID, set[Follower]] = defaultdict(set)

    @contextlib.contextmanager
    def follower(self, topic: UUID, owner: UUID, alive: Callable[[], bool]) -> Iterator[Follower]:
        """A new stream of the owner's. Raises TooManyRequests beyond what one person may have open."""
        mine = self._by_owner[owner]
        for each in mine:
            if not each.alive():
                each.news.set()
        if sum(each.alive() for each in mine) >= MOST_STREAMS:
            raise TooManyRequests(f"You have {MOST_STREAMS} streams open already; close one first.", retry_after=5)
        new = Follower(alive)
        places = ((self._by_topic, topic), (self._by_owner, owner))
        for place, key in places:
            place[key].add(new)
        try:
            yield new
        finally:
            for place, key in places:
                place[key].discard(new)
                if not place[key]:
                    del place[key]

    async def listen(self) -> None:
        """Begin to hear; without RabbitMQ streams go on by their own beats, and this is asked again."""
        async with self._lock:
            if self._listening:
                return
            try:
                await self._bus.connect()
                await self._bus.listen(self._hear, self._events)
                self._bus.on_reconnect(self._miss)
                self._listening = True
            except Unavailable as error:
                log.warning("Streams aren't live right now: %s", error)

    def _miss(self) -> None:
        # While the connection was gone, so was the queue, and whatever would have come through it.
        for followers in self._by_topic.values():
            for follower in followers:
                follower.miss()

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        if not self._by_topic:
            return
        event = wire.loads(message.body)
        for topic in self._concerns(event):
            for follower in self._by_topic.get(topic, ()):
                follower.hear(event)


class Feed:
    """Events that streams follow; `concerns` says which of the things followed an event is about."""

    def __init__(self, events: Sequence[str], concerns: Callable[[Event], Iterable[UUID]]) -> None:
        self._events = events
        self._concerns = concerns
        self._by_bus: WeakKeyDictionary[Bus, Followers] = WeakKeyDictionary()

    def of(self, bus: Bus) -> Followers:
        """Those of the process whose bus this is."""
        if bus not in self._by_bus:
            self._by_bus[bus] = Followers(bus, self._events, self._concerns)
        return self._by_bus[bus]


class Source(Protocol):
    """What one stream says."""

    async def begin(self) -> str:
        """The first lines, or none. Raises DomainError: then there is no stream."""

    async def news(self, follower: Follower) -> bytes | None:
        """What there is to say after an event or a beat; None ends the stream. It sets `news` if there is more."""


async def serve(request: web.Request, feed: Feed, topic: UUID, source: Source) -> web.StreamResponse:
    """Answer with the stream, for as long as its session lasts and somebody reads it. Raises DomainError."""

    def alive() -> bool:
        return request.transport is not None and not request.transport.is_closing()

    followers = feed.of(request.app[BUS])
    with followers.follower(topic, user_id(request), alive) as follower:
        closing = asyncio.create_task(request.app[CLOSING].wait())
        closing.add_done_callback(lambda _: follower.news.set())
        try:
            await followers.listen()
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
        while follower.alive() and not request.app[CLOSING].is_set() and await _may_go_on(request):
            follower.news.clear()
            frames = await source.news(follower)
            if frames is None:
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
