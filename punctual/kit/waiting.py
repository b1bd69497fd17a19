"""How long messages wait: a probe put behind what is in a queue comes back when all of that was fetched.

AMQP doesn't tell the age of a message, and fetching one to look at it would disturb the queue.
"""

import time
from collections.abc import Collection
from typing import Any

import pika

from punctual.kit import probe
from punctual.kit.inspection import Inspection, QueueState

# Answers of queues that are read come within milliseconds.
PATIENCE_SECONDS = 0.3
# A probe that nobody has answered though its queue is empty went with those that somebody purged.
PURGED_SECONDS = 600.0


class Waiting(Inspection):
    """A connection that is kept, with at most one probe under way in each queue. Opening raises Unreachable."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, float] = {}
        self._waited: dict[str, float] = {}
        self._channel, self._replies = self._listen(self._hear)

    def ages(self, queues: dict[str, QueueState]) -> dict[str, float]:
        """Seconds that the oldest message of each of these queues has waited; about 0 where none does."""
        self._connection.process_data_events(0)
        self._forget_purged(queues)
        for name in queues.keys() - self._asked.keys():
            self._asked[name] = time.monotonic()
            properties = pika.BasicProperties(type=probe.TYPE, reply_to=self._replies)
            self._channel.basic_publish("", name, b"{}", properties)
        self._wait(lambda: not self._asked, PATIENCE_SECONDS)
        now = time.monotonic()
        return {name: now - self._asked[name] if name in self._asked else self._waited[name] for name in queues}

    def own(self, names: Collection[str]) -> int:
        """How many of the messages in these queues are probes of ours."""
        return len(self._asked.keys() & set(names))

    def _forget_purged(self, queues: dict[str, QueueState]) -> None:
        limit = time.monotonic() - PURGED_SECONDS
        for name in [name for name, asked in self._asked.items() if asked < limit]:
            if name not in queues or not queues[name].messages:
                del self._asked[name]

    def _hear(self, _channel: Any, _method: Any, _properties: Any, body: bytes) -> None:
        name = body.decode()
        if asked := self._asked.pop(name, None):
            self._waited[name] = time.monotonic() - asked
