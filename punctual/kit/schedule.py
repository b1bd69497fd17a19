"""Scheduled actors: declared beside the others, sent by the scheduler, which does nothing else.

`@scheduled("task", seconds=2)` makes a function (transaction) -> bool | None the actor `task.<function>`;
returning True says that more is waiting, and it is sent again at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import dramatiq
from dramatiq.middleware import CurrentMessage

from punctual.kit import logs, traces, transactions
from punctual.kit.broker import declare_actor
from punctual.kit.relay import relay
from punctual.kit.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Job:
    """An actor to send every so many seconds."""

    actor: dramatiq.Actor[[], None]
    seconds: int


JOBS: list[Job] = []
Tick = Callable[[Transaction], bool | None]


def scheduled(service: str, *, seconds: int, name: str | None = None) -> Callable[[Tick], dramatiq.Actor[[], None]]:
    """Declare a job of a service, run every so many seconds wherever a worker is free."""

    def declare(function: Tick) -> dramatiq.Actor[[], None]:
        @wraps(function)
        def tick() -> None:
            message = CurrentMessage.get_current_message()
            # Ticks that piled up while no worker ran would all find the same work; the newest are enough.
            if message and time.time() * 1000 - message.message_timestamp > max(30_000, 3_000 * seconds):
                return
            with logs.context(actor=actor.actor_name):
                run(service, function)

        def run(service: str, function: Tick) -> None:
            with traces.provisional(actor.actor_name) as worth_a_trace:
                with transactions.begin(service) as transaction:
                    more = function(transaction)
                    if more:
                        transaction.send(actor.message())
                if transaction.outgoing:
                    worth_a_trace()
            relay.settle(service, transaction.outgoing)

        tick.__annotations__ = {}
        actor: dramatiq.Actor[[], None] = declare_actor(
            tick, f"{service}.{name or function.__name__}", service, max_backoff=5_000
        )
        JOBS.append(Job(actor, seconds))
        return actor

    return declare


def record(transaction: Transaction, job: str) -> None:
    """Note that a tick of this job is being carried out, so that it shows when the scheduler stands still."""
    # Held back to the commit, lest workers that carry out the same job wait for each other; and what a crash
    # of the server may lose is a note, or a deletion from the outbox that is made up for by publishing again.
    transaction.later("SET LOCAL synchronous_commit = off")
    transaction.later(
        "INSERT INTO tick (job, ran_at) VALUES (%s, %s)"
        " ON CONFLICT (job) DO UPDATE SET ran_at = greatest(tick.ran_at, EXCLUDED.ran_at)",
        (job, transaction.now),
    )
