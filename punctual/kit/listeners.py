"""The worker's side of an event: each listener applies it once, in one transaction with its mark in the inbox.

`@listener("task", events.PROJECT_CREATED)` makes a function (transaction, event) the Dramatiq actor
`task.project.created` of the queue `task.events`.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import dramatiq
import psycopg2

from punctual.kit import logs, transactions
from punctual.kit.broker import declare_actor
from punctual.kit.gathering import Gathering
from punctual.kit.outcomes import Caller
from punctual.kit.relay import relay
from punctual.kit.transactions import EventType, Transaction, lost

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
        gathering: Gathering[Event] = Gathering(partial(_apply_all, service, function), lambda error: not lost(error))

        def apply(event: dict[str, Any]) -> None:
            with logs.context(request_id=event.get("request_id"), actor=f"{service}.{event['name']}"):
                gathering.bring(_event(event))

        queue = f"{service}.events"
        for event_type in event_types:
            BINDINGS.setdefault(queue, []).append(event_type.name)
            declare_actor(apply, f"{service}.{event_type.name}", queue)

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
            marked = transaction.size
            function(transaction, event)
            if transaction.size == marked:
                # What changed nothing may come again: no mark, no round trip.
                transaction.abandon()
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
        function(transaction, events)
    relay.settle(service, transaction.outgoing)
