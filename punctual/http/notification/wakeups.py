"""Who waits for news in this process: one exclusive queue, bound to notification.created, wakes them all."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakKeyDictionary

from aio_pika.abc import AbstractIncomingMessage

from punctual.kit import wire
from punctual.kit.bus import Bus
from punctual.kit.errors import TooManyRequests, Unavailable
from punctual.schemas.events import NOTIFICATION_CREATED

log = logging.getLogger(__name__)
MOST_STREAMS = 5


@dataclass(eq=False, slots=True)
class Sleeper:
    """One stream. `news` is set when there may be something new, or when it should look whether to end."""

    alive: Callable[[], bool]
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Wakeups:
    """The sleepers of one process by person."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._listening = False
        self._lock = asyncio.Lock()
        self._sleepers: defaultdict[UUID, set[Sleeper]] = defaultdict(set)

    @contextlib.contextmanager
    def sleeper(self, user_id: UUID, alive: Callable[[], bool]) -> Iterator[Sleeper]:
        """A new stream of the person's. Raises TooManyRequests beyond what one person may have open."""
        mine = self._sleepers[user_id]
        for each in mine:
            if not each.alive():
                each.news.set()
        if sum(each.alive() for each in mine) >= MOST_STREAMS:
            raise TooManyRequests(f"You have {MOST_STREAMS} streams open already; close one first.", retry_after=5)
        new = Sleeper(alive)
        mine.add(new)
        try:
            yield new
        finally:
            mine.discard(new)
            if not mine:
                self._sleepers.pop(user_id, None)

    async def listen(self) -> None:
        """Begin to hear; without RabbitMQ streams go on by their own beats, and this is asked again."""
        async with self._lock:
            if self._listening:
                return
            try:
                await self._bus.connect()
                await self._bus.listen(self._hear, (NOTIFICATION_CREATED.name,))
                self._bus.on_reconnect(self._wake_all)
                self._listening = True
            except Unavailable as error:
                log.warning("Streams aren't live right now: %s", error)

    def _wake_all(self) -> None:
        # While the connection was gone, so was the queue, and whatever would have come through it.
        for sleepers in self._sleepers.values():
            for sleeper in sleepers:
                sleeper.news.set()

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        if not self._sleepers:
            return
        for user_id in wire.loads(message.body)["payload"]["user_ids"]:
            for sleeper in self._sleepers.get(UUID(user_id), ()):
                sleeper.news.set()


_by_bus: WeakKeyDictionary[Bus, Wakeups] = WeakKeyDictionary()


def wakeups(bus: Bus) -> Wakeups:
    """The process's, whose bus this is."""
    if bus not in _by_bus:
        _by_bus[bus] = Wakeups(bus)
    return _by_bus[bus]
