"""Who follows what in this process: one exclusive queue, bound to the events of a feed, wakes the streams concerned."""

import asyncio
import contextlib
import logging
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from aio_pika.abc import AbstractIncomingMessage

from punctual.kit import wire
from punctual.kit.bus import Bus
from punctual.kit.errors import TooManyRequests, Unavailable

log = logging.getLogger(__name__)
MOST_STREAMS = 5
MOST_HEARD = 1000
MOST_REMEMBERED = 10_000
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
        self._complete_from = math.inf
        self._last_heard: dict[UUID, float] = {}
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
                self._complete_from = time.monotonic()
            except Unavailable as error:
                log.warning("Streams aren't live right now: %s", error)

    def may_have_passed(self, topic: UUID, seconds: float) -> bool:
        """Whether there may have been an event about it in the last so many seconds, nobody knowing better."""
        begins = time.monotonic() - seconds
        return begins <= self._complete_from or self._last_heard.get(topic, -math.inf) >= begins

    def _miss(self) -> None:
        # While the connection was gone, so was the queue, and whatever would have come through it.
        self._complete_from = time.monotonic()
        for followers in self._by_topic.values():
            for follower in followers:
                follower.miss()

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        event = wire.loads(message.body)
        for topic in self._concerns(event):
            self._remember(topic)
            for follower in self._by_topic.get(topic, ()):
                follower.hear(event)

    def _remember(self, topic: UUID) -> None:
        self._last_heard.pop(topic, None)
        self._last_heard[topic] = time.monotonic()
        if len(self._last_heard) > MOST_REMEMBERED:
            longest_ago = next(iter(self._last_heard))
            self._complete_from = max(self._complete_from, self._last_heard.pop(longest_ago))


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
