"""What every service with a database needs from its workers: the sweep, the dead letters, the clean-up."""

from typing import Any
from uuid import UUID

from dramatiq import Message

from punctual.kit import dead_letters, relay
from punctual.kit.commands import command
from punctual.kit.errors import Forbidden
from punctual.kit.outcomes import Outcome
from punctual.kit.schedule import record, scheduled
from punctual.kit.transactions import EventType, Transaction

KEEP_OPERATIONS_DAYS = 7
KEEP_INBOX_DAYS = 30


def declare(service: str, failed: EventType, *queues: str) -> None:
    """Declare the service's plumbing: for its own queue, its events and the further `queues` it owns."""

    @scheduled(service, seconds=5)
    def sweep_outbox(transaction: Transaction) -> None:
        relay.sweep(transaction)
        record(transaction, "sweep_outbox")

    @scheduled(service, seconds=10)
    def collect_dead_letters(_transaction: Transaction) -> bool:
        more = [dead_letters.collect(service, queue, failed) for queue in (service, f"{service}.events", *queues)]
        return any(more)

    @command(service)
    def replay_dead_letter(transaction: Transaction, *, letter_id: UUID) -> Outcome:
        _demand_admin(transaction)
        dead_letters.replay(transaction, letter_id)
        return Outcome.gone()

    @command(service)
    def discard_dead_letter(transaction: Transaction, *, letter_id: UUID) -> Outcome:
        _demand_admin(transaction)
        dead_letters.discard(transaction, letter_id)
        return Outcome.gone()

    @scheduled(service, seconds=3600)
    def clean_up(transaction: Transaction) -> None:
        for table, column, days in (
            ("operation", "created_at", KEEP_OPERATIONS_DAYS),
            ("inbox", "received_at", KEEP_INBOX_DAYS),
        ):
            transaction.later(
                f"DELETE FROM {table} WHERE {column} < %s - make_interval(days => %s)",
                (transaction.now, days),
            )


def replay_dead_letter(service: str, letter_id: UUID) -> Message[Any]:
    """The command that sends a dead letter of a service once more."""
    return _message(service, "replay_dead_letter", letter_id)


def discard_dead_letter(service: str, letter_id: UUID) -> Message[Any]:
    """The command that drops a dead letter of a service for good."""
    return _message(service, "discard_dead_letter", letter_id)


def _message(service: str, name: str, letter_id: UUID) -> Message[Any]:
    return Message(
        queue_name=service, actor_name=f"{service}.{name}", args=(), kwargs={"letter_id": letter_id}, options={}
    )


def _demand_admin(transaction: Transaction) -> None:
    if transaction.caller.role != "admin":
        raise Forbidden("Only an administrator of this instance may do this.")
