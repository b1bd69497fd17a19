"""The worker's side of a command: one transaction, one stored outcome, one reply.

`@command("task")` makes a function (transaction, *, ...) -> Outcome a Dramatiq actor `task.<function>` of the
queue `task`. A repeat of a command meets the operation that the first one stored, and its outcome answers.

Commands that would wait for each other's lock anyway can share a transaction: `together="project"` gathers those
with the same project. Where one of them can't be done, each is done on its own.
"""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

import dramatiq
import psycopg2
from dramatiq import Message
from dramatiq.middleware import CurrentMessage

from punctual.kit import logs, traces, transactions, wire
from punctual.kit.broker import broker, declare_actor
from punctual.kit.errors import DomainError, NotReplicated, PreconditionFailed, problem
from punctual.kit.metrics import actors
from punctual.kit.outcomes import Caller, Outcome
from punctual.kit.relay import Reply, relay
from punctual.kit.transactions import Transaction

log = logging.getLogger(__name__)
P = ParamSpec("P")
REPLICATION_WAIT_MS = 2_000
REPLICATION_RETRY_MS = 200
# Whoever is first in a batch waits for the last.
MOST_TOGETHER = 16
Decide = Callable[[Transaction], Outcome]


def command(
    service: str, *, name: str | None = None, queue: str | None = None, together: str | None = None
) -> Callable[[Callable[Concatenate[Transaction, P], Outcome]], dramatiq.Actor[P, None]]:
    """Declare a command of a service, named `<service>.<function>`; `together` names an argument to gather by."""

    def declare(function: Callable[Concatenate[Transaction, P], Outcome]) -> dramatiq.Actor[P, None]:
        restore = wire.restorer(function)
        actor_name, queue_name = f"{service}.{name or function.__name__}", queue or service

        def decision(message: Message[Any]) -> Decide:
            return partial(cast("Callable[..., Outcome]", function), **restore(message.kwargs))

        @wraps(function)
        def perform(**_arguments: Any) -> None:
            message = CurrentMessage.get_current_message()
            assert message is not None
            _perform(service, message, decision(message))

        def perform_all(items: Sequence[Any]) -> None:  # noqa: ARG001 - the messages themselves say more
            batch: Any = CurrentMessage.get_current_message()
            if len(batch.parts) == 1:
                _perform(service, batch.parts[0], decision(batch.parts[0]))
                return
            try:
                _perform_all(service, [(message, decision(message)) for message in batch.parts])
            except (DomainError, psycopg2.IntegrityError):
                # Whose fault it is shows when each is done on its own.
                batch.apart = True

        perform.__annotations__ = {}
        if together:
            declare_actor(perform_all, f"{actor_name}+", queue_name)
            broker.gather([actor_name], f"{actor_name}+", together, MOST_TOGETHER)
        return cast("dramatiq.Actor[P, None]", declare_actor(perform, actor_name, queue_name))

    return declare


def _perform(service: str, message: Message[Any], function: Decide) -> None:
    started = time.perf_counter()
    name, options = message.actor_name, message.options
    with logs.context(request_id=options.get("request_id"), actor=name):
        outcome, outgoing = _decide(service, name, options, function, message.message_timestamp)
        actors.outcome(outcome.state)
        _settle(service, message, outcome, outgoing, started)


def _perform_all(service: str, decisions: Sequence[tuple[Message[Any], Decide]]) -> None:
    """All in one transaction, or none of them: what one raises is raised."""
    started = time.perf_counter()
    done = []
    with transactions.begin(service) as transaction:
        for message, function in decisions:
            told = len(transaction.outgoing)
            transaction.caller = _caller(message.options)
            with logs.context(request_id=message.options.get("request_id")), traces.working_on(message.message_id):
                outcome = _run(transaction, message.actor_name, message.options, function)
            done.append((message, outcome, transaction.outgoing[told:]))
    for message, outcome, outgoing in done:
        with logs.context(request_id=message.options.get("request_id"), actor=message.actor_name):
            _settle(service, message, outcome, outgoing, started)


def _settle(
    service: str, message: Message[Any], outcome: Outcome, outgoing: Sequence[transactions.Outgoing], started: float
) -> None:
    reply = None
    if reply_to := message.options.get("reply_to"):
        reply = Reply(reply_to, message.message_id, wire.dumps(outcome.fields()))
    relay.settle(service, outgoing, reply)
    log.info("%s %s in %.1f ms", message.actor_name, outcome.state, (time.perf_counter() - started) * 1000)


def _run(transaction: Transaction, name: str, options: dict[str, Any], function: Decide) -> Outcome:
    transaction.quiet = bool(options.get("quiet"))
    transaction.if_match = options.get("if_match")
    transaction.guarded = False
    outcome = function(transaction)
    if transaction.if_match is not None and not transaction.guarded:
        # A condition that nobody looked at would be a promise broken in silence.
        raise PreconditionFailed("What this changes has no version that If-Match could name; leave it out.")
    _store(transaction, name, options, outcome)
    return outcome


def _decide(
    service: str, name: str, options: dict[str, Any], function: Decide, sent_at: int
) -> tuple[Outcome, list[transactions.Outgoing]]:
    caller = _caller(options)
    try:
        with transactions.begin(service, caller) as transaction:
            outcome = _run(transaction, name, options, function)
        return outcome, transaction.outgoing
    except NotReplicated as error:
        if time.time() * 1000 - sent_at < REPLICATION_WAIT_MS:
            raise dramatiq.Retry("Perhaps not replicated yet.", delay=REPLICATION_RETRY_MS) from error
        rejected = Outcome.rejected(error.problem())
    except DomainError as error:
        rejected = Outcome.rejected(error.problem())
    except psycopg2.IntegrityError:
        # A repeat may stumble over a row of its first run before it comes to the operation.
        if stored := _stored(service, options):
            return stored, []
        raise
    try:
        with transactions.begin(service, caller) as transaction:
            _store(transaction, name, options, rejected)
    except psycopg2.errors.UniqueViolation:
        if stored := _stored(service, options):
            return stored, []
        raise
    return rejected, []


def _store(transaction: Transaction, name: str, options: dict[str, Any], outcome: Outcome) -> None:
    if operation_id := options.get("operation_id"):
        transaction.later(
            "INSERT INTO operation (id, user_id, name, fingerprint, state, outcome, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                operation_id,
                transaction.caller.id,
                name,
                options.get("fingerprint"),
                outcome.state,
                wire.dumps(outcome.fields()).decode(),
                transaction.now,
            ),
        )


def _stored(service: str, options: dict[str, Any]) -> Outcome | None:
    with transactions.begin(service) as transaction:
        operation_id = options.get("operation_id")
        row = transaction.one("SELECT fingerprint, outcome FROM operation WHERE id = %s", (operation_id,))
    if row is None:
        return None
    if row["fingerprint"] != options.get("fingerprint"):
        return Outcome.rejected(
            problem(
                422,
                "idempotency_key_reused",
                "This Idempotency-Key was used for another request; send a new key for a new request.",
            )
        )
    return Outcome.restore(row["outcome"])


def _caller(options: dict[str, Any]) -> Caller:
    fields = options.get("caller") or {}
    as_id = {key: UUID(fields[key]) if fields.get(key) else None for key in ("id", "session_id")}
    return Caller(as_id["id"], fields.get("role", "user"), as_id["session_id"])
