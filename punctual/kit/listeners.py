"""The worker's side of an event: each listener applies it once, in one transaction with its mark in the inbox.

`@listener("task", events.PROJECT_CREATED)` makes a function (transaction, event) the Dramatiq actor
`task.project.created` of the queue `task.events`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import dramatiq
import psycopg2

from punctual.kit import logs, transactions
from punctual.kit.broker import declare_actor
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


def _event(fields: dict[str, Any]) -> Event:
    return Event(
        UUID(fields["id"]),
        fields["name"],
        fields["version"],
        datetime.fromisoformat(fields["occurred_at"]),
        UUID(fields["caller"]) if fields["caller"] else None,
        fields["quiet"],
        fields["payload"],
    )


def _apply(service: str, function: Callable[[Transaction, Event], None], event: Event) -> None:
    try:
        with transactions.begin(service, Caller(event.caller)) as transaction:
            transaction.quiet = event.quiet
            transaction.later("INSERT INTO inbox (event_id, received_at) VALUES (%s, %s)", (event.id, transaction.now))
            function(transaction, event)
    except psycopg2.errors.UniqueViolation as error:
        if not transactions.doubled(error, "inbox_pkey"):
            raise
        log.info("%s %s came twice; dropped", event.name, event.id)
    else:
        relay.hand_over(service, transaction.outgoing)
