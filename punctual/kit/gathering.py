"""Messages of one kind that come while others of it are at work, handed on as one: nobody waits in a thread.

Under load many small transactions become few large ones; without load nothing waits for company.
"""

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from dramatiq import Message, MessageProxy

MOST = 50


class Gathered(MessageProxy):
    """Several messages as one, for an actor that takes `items`: the arguments of each."""

    def __init__(
        self, parts: Sequence[Any], actor_name: str, done: Callable[["Gathered"], None], key: Hashable = None
    ) -> None:
        items = [part.kwargs for part in parts]
        super().__init__(Message(parts[0].queue_name, actor_name, (), {"items": items}, {}))
        self.parts = parts
        self.key = key
        self.apart = False
        self._done = done

    def __str__(self) -> str:
        """For logs, without what they carry."""
        return f"{self.actor_name} of {len(self.parts)} message(s)"

    def settle(self) -> None:
        """Settle each, or let each be tried alone when `apart` says so."""
        self._done(self)


class Gathering:
    """One batch is at work at a time; whatever comes meanwhile makes the next, of `most` at most.

    `by` names an argument: messages that have the same value there make batches of their own.
    """

    def __init__(self, actor_name: str, hand: Callable[[Any], object], by: str | None = None, most: int = MOST) -> None:
        self.most = most
        self._actor_name = actor_name
        self._hand = hand
        self._by = by
        self._lock = threading.Lock()
        # What waits, by its key; there is a key as long as a batch of it is at work.
        self._waiting: dict[Hashable, list[Any]] = {}

    def bring(self, part: Any) -> None:
        """Take a message; it is settled when its batch is done. For any thread, never blocking."""
        # As text: whatever a message carries there, it must come to its actor, which judges it.
        key = str(part.kwargs.get(self._by)) if self._by else None
        with self._lock:
            if key in self._waiting:
                self._waiting[key].append(part)
                return
            self._waiting[key] = [part]
        self._next(key)

    def _next(self, key: Hashable) -> None:
        with self._lock:
            parts, rest = self._waiting[key][: self.most], self._waiting[key][self.most :]
            self._waiting[key] = rest
            if not parts:
                del self._waiting[key]
        if parts:
            self._hand(Gathered(parts, self._actor_name, self._done, key))

    def _done(self, batch: Gathered) -> None:
        try:
            for part in batch.parts:
                if batch.apart:
                    self._hand(part)
                else:
                    part.settle()
        finally:
            self._next(batch.key)
