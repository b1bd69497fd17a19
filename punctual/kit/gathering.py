"""Messages of one kind that come while others of it are at work, handed on as one: nobody waits in a thread.

Under load many small transactions become few large ones; without load nothing waits for company.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from dramatiq import Message, MessageProxy

MOST = 50


class Gathered(MessageProxy):
    """Several messages as one, for an actor that takes `items`: the arguments of each."""

    def __init__(self, parts: Sequence[Any], actor_name: str, done: Callable[["Gathered"], None]) -> None:
        items = [part.kwargs for part in parts]
        super().__init__(Message(parts[0].queue_name, actor_name, (), {"items": items}, {}))
        self.parts = parts
        self.apart = False
        self._done = done

    def __str__(self) -> str:
        """For logs, without what they carry."""
        return f"{self.actor_name} of {len(self.parts)} message(s)"

    def settle(self) -> None:
        """Settle each, or let each be tried alone when `apart` says so."""
        self._done(self)


class Gathering:
    """One batch is at work at a time; whatever comes meanwhile makes the next, at most MOST."""

    def __init__(self, actor_name: str, hand: Callable[[Any], object]) -> None:
        self._actor_name = actor_name
        self._hand = hand
        self._lock = threading.Lock()
        self._waiting: list[Any] = []
        self._busy = False

    def bring(self, part: Any) -> None:
        """Take a message; it is settled when its batch is done. For any thread, never blocking."""
        with self._lock:
            self._waiting.append(part)
            if self._busy:
                return
            self._busy = True
        self._next()

    def _next(self) -> None:
        with self._lock:
            parts, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            self._busy = bool(parts)
        if parts:
            self._hand(Gathered(parts, self._actor_name, self._done))

    def _done(self, batch: Gathered) -> None:
        try:
            for part in batch.parts:
                if batch.apart:
                    self._hand(part)
                else:
                    part.settle()
        finally:
            self._next()
