"""The real actors, one at a time, at an instant of the test's choosing, over the real database."""

import inspect
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.kit import ids, transactions, wire
from punctual.kit.listeners import Event
from punctual.kit.outcomes import Caller, Outcome
from punctual.kit.transactions import EVENTS, Outgoing
from punctual.schemas.events import EventType


class Actors:
    """Runs commands, listeners and jobs of the task service. What they publish or send stays here."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.published: list[dict[str, Any]] = []
        self._sent: deque[Outgoing] = deque()

    def command(self, actor: Any, caller: UUID | None, **arguments: Any) -> Outcome:
        """Carry a command out. Raises DomainError, having changed nothing."""
        with transactions.begin("task", Caller(caller), self.now) as transaction:
            outcome: Outcome = actor.fn.__wrapped__(transaction, **arguments)
            self._take(transaction)
        return outcome

    def event(self, actor: Any, event: EventType, payload: dict[str, Any], version: int) -> None:
        """Let a listener hear of something."""
        payload = wire.loads(wire.dumps(payload))
        told = Event(ids.uuid7(), event.name, version, self.now, None, quiet=False, payload=payload)
        hear = inspect.getclosurevars(actor.fn).nonlocals["function"]
        with transactions.begin("task", now=self.now) as transaction:
            hear(transaction, told)
            self._take(transaction)

    def job(self, actor: Any) -> None:
        """Run a scheduled job until it has nothing more to do."""
        more: bool | None = True
        while more:
            with transactions.begin("task", now=self.now) as transaction:
                more = actor.fn.__wrapped__(transaction)
                self._take(transaction)

    def deliver(self) -> None:
        """Carry out what the commands have sent each other."""
        from punctual.kit.broker import broker

        while self._sent:
            message = wire.loads(self._sent.popleft().body)
            actor = broker.get_actor(message["actor_name"])
            restored = wire.restorer(actor.fn.__wrapped__)(message["kwargs"])
            self.command(actor, None, **restored)

    @contextmanager
    def delivering_later(self) -> Iterator[None]:
        """What was sent before arrives only after what is done meanwhile."""
        held, self._sent = self._sent, deque()
        yield
        self._sent.extend(held)
        self.deliver()

    def _take(self, transaction: transactions.Transaction) -> None:
        for item in transaction.outgoing:
            if item.exchange == EVENTS:
                self.published.append(wire.loads(item.body))
            else:
                self._sent.append(item)
        # Nothing for the outbox: a worker of the same session would relay it.
        transaction.outgoing.clear()
