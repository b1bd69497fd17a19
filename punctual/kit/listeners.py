"""The worker's side of an event: each listener applies it once, in one transaction with its mark in the inbox.

`@listener("task", events.PROJECT_CREATED)` makes a function (transaction, event) the Dramatiq actor
`task.project.created` of the queue `task.events`.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import dramatiq
import psycopg2

from punctual.kit import logs, transactions
from punctual.kit.broker import broker, declare_actor
from punctual.kit.outcomes import Caller
from punctual.kit.relay import relay
from punctual.kit.transactions import EventType, Transaction

log = logging.getLogger(__name__)
BINDINGS: dict[str, list[str]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it arrived. `version` is the aggregate's; `caller` is who caused it (None: the system)."""

    id: UUID
    name: str
    version: int
    occurred_at: datetime
    caller: UUID | None
    quiet: bool
    payload: dict[str, Any]
    request_id: str | None = None
    traceparent: str | None = None


def listener(
    service: str, event_type: EventType
) -> Callable[[Callable[[Transaction, Event], None]], dramatiq.Actor[..., None]]:
    """Declare what a service does when the event happens. The queue's binding follows from it."""
    queue = f"{service}.events"
    BINDINGS.setdefault(queue, []).append(event_type.name)

    def declare(function: Callable[[Transaction, Event], None]) -> dramatiq.Actor[..., None]:
        def hear(event: dict[str, Any]) -> None:
            with logs.context(request_id=event.get("request_id"), actor=f"{service}.{event_type.name}"):
                _apply(service, function, _event(event))

        actor: dramatiq.Actor[..., None] = declare_actor(hear, f"{service}.{event_type.name}", queue)
        return actor

    return declare


def listener_of_many(
    service: str, *event_types: EventType
) -> Callable[[Callable[[Transaction, Sequence[Event]], None]], None]:
    """Declare one function (transaction, events) for several events: those at hand at once share a transaction.

    When that fails, each is applied on its own, so that one bad event takes no other with it.
    """

    def declare(function: Callable[[Transaction, Sequence[Event]], None]) -> None:
        def hear(event: dict[str, Any]) -> None:
            hear_all([{"event": event}])

        def hear_all(items: Sequence[dict[str, Any]]) -> None:
            found = [_event(item["event"]) for item in items]
            with logs.context(request_id=found[0].request_id, actor=f"{service}.{found[0].name}"):
                _apply_all(service, function, found)

        queue = f"{service}.events"
        names = [f"{service}.{event_type.name}" for event_type in event_types]
        for event_type, name in zip(event_types, names, strict=True):
            BINDINGS.setdefault(queue, []).append(event_type.name)
            declare_actor(hear, name, queue)
        declare_actor(hear_all, f"{names[0]}+", queue)
        broker.gather(names, f"{names[0]}+")

    return declare


def _event(fields: dict[str, Any]) -> Event:
    return Event(
        UUID(fields["id"]),
        fields["name"],
        fields["version"],
        datetime.fromisoformat(fields["occurred_at"]),
        UUID(fields["caller"]) if fields["caller"] else None,
        fields["quiet"],
        fields["payload"],
        fields.get("request_id"),
        fields.get("traceparent"),
    )


def _apply(service: str, function: Callable[[Transaction, Event], None], event: Event) -> None:
    try:
        with transactions.begin(service, Caller(event.caller)) as transaction:
            transaction.quiet = event.quiet
            transaction.later("INSERT INTO inbox (event_id, received_at) VALUES (%s, %s)", (event.id, transaction.now))
            _unless_idle(transaction, lambda: function(transaction, event))
    except psycopg2.errors.UniqueViolation as error:
        if not transactions.doubled(error, "inbox_pkey"):
            raise
        log.info("%s %s came twice; dropped", event.name, event.id)
    else:
        relay.settle(service, transaction.outgoing)


def _apply_all(service: str, function: Callable[[Transaction, Sequence[Event]], None], events: Sequence[Event]) -> None:
    if len(events) == 1:
        _apply(service, lambda transaction, event: function(transaction, [event]), events[0])
        return
    with transactions.begin(service) as transaction:
        transaction.later(
            "INSERT INTO inbox (event_id, received_at) SELECT id, %s FROM unnest(%s) AS id",
            (transaction.now, sorted(event.id for event in events)),
        )
        _unless_idle(transaction, lambda: function(transaction, events))
    relay.settle(service, transaction.outgoing)


def _unless_idle(transaction: Transaction, act: Callable[[], None]) -> None:
    """What changed nothing may come again: no mark, no round trip."""
    marked = transaction.size
    act()
    if transaction.size == marked:
        transaction.abandon()
