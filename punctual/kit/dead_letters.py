"""Messages that were given up: moved from RabbitMQ's dead-letter queues into the owning service's table.

There they never expire unseen; they are listed, shown, replayed or discarded by command line and by an admin.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid5

from dramatiq.common import xq_name

from punctual.kit import ids, transactions, wire
from punctual.kit.broker import broker
from punctual.kit.errors import NotFound, problem
from punctual.kit.letters import Letter, read
from punctual.kit.outcomes import Outcome
from punctual.kit.relay import relay
from punctual.kit.transactions import EventType, Outgoing, Transaction

log = logging.getLogger(__name__)
BATCH = 50
_REGRET = UUID("0f4c7f5e-0d0f-5c8a-9f3a-1f0f3a6c7b10")


def collect(service: str, queue: str, failed: EventType) -> bool:
    """Move a batch of dead letters of one queue into the table, end their operations as `failed`.

    Acknowledged after the commit and told apart by message id, so a repeat is harmless. Returns whether more may
    be waiting.
    """
    fetched = relay.fetch(xq_name(queue), BATCH)
    if fetched:
        try:
            outgoing = _keep_all(service, [read(queue, each.body) for each in fetched], failed)
        except BaseException:
            relay.give_back(fetched)
            raise
        relay.acknowledge(fetched)
        relay.settle(service, outgoing)
        log.error("%d message(s) of %s went to the dead letters", len(fetched), queue)
    return len(fetched) == BATCH


@contextmanager
def opened(service: str) -> Iterator[Transaction]:
    """A transaction for who is no worker: what it leaves in the outbox is published before this ends.

    Without RabbitMQ it stays there for the sweep.
    """
    with transactions.begin(service) as transaction:
        yield transaction
    if transaction.outgoing and (confirmed := relay.publish(transaction.outgoing)):
        with transactions.begin(service) as forgetting:
            forgetting.later("DELETE FROM outbox WHERE id = ANY(%s)", ([item.id for item in confirmed],))


def replay(transaction: Transaction, letter_id: UUID) -> None:
    """Send a dead letter once more, as new, and take it off the list. Raises NotFound."""
    row = transaction.one("DELETE FROM dead_letter WHERE id = %s RETURNING queue, body", (letter_id,))
    if row is None:
        raise NotFound(f"There is no dead letter {letter_id}.")
    body = _fresh(bytes(row["body"]))
    transaction.later("DELETE FROM operation WHERE id = %s AND state = 'failed'", (_operation_id(body),))
    transaction.outgoing.append(Outgoing(ids.uuid7(), "", row["queue"], body))


def discard(transaction: Transaction, letter_id: UUID) -> None:
    """Drop a dead letter for good. Raises NotFound."""
    if transaction.one("DELETE FROM dead_letter WHERE id = %s RETURNING id", (letter_id,)) is None:
        raise NotFound(f"There is no dead letter {letter_id}.")


def listing(transaction: Transaction, limit: int = 100) -> list[dict[str, Any]]:
    """The newest dead letters, without their bodies."""
    return transaction.all(
        "SELECT id, queue, actor, error, attempts, died_at FROM dead_letter ORDER BY died_at DESC LIMIT %s",
        (limit,),
    )


def show(transaction: Transaction, letter_id: UUID) -> dict[str, Any]:
    """One dead letter with its redacted message. Raises NotFound."""
    row = transaction.one(
        "SELECT id, queue, actor, error, attempts, died_at, message FROM dead_letter WHERE id = %s",
        (letter_id,),
    )
    if row is None:
        raise NotFound(f"There is no dead letter {letter_id}.")
    return row


def _keep_all(service: str, letters: Sequence[Letter], failed: EventType) -> list[Outgoing]:
    try:
        with transactions.begin(service) as transaction:
            for letter in letters:
                _keep(transaction, letter, failed)
    except Exception as error:
        if transactions.lost(error) or (len(letters) == 1 and letters[0].actor is None):
            raise
        # One letter that the database won't take must not keep the others waiting for ever.
        log.exception("A dead letter could not be kept as it is")
        alone = [letters] if len(letters) > 1 else [[letters[0].as_text()]]
        return [item for some in alone for each in some for item in _keep_all(service, [each], failed)]
    return transaction.outgoing


def _keep(transaction: Transaction, letter: Letter, failed: EventType) -> None:
    transaction.later(
        "INSERT INTO dead_letter (id, queue, actor, message, body, error, attempts, died_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING",
        (
            letter.id,
            letter.queue,
            letter.actor,
            letter.shown,
            letter.body,
            _error(letter),
            letter.options.get("retries", 0) + 1,
            transaction.now,
        ),
    )
    if letter.actor and letter.options.get("operation_id"):
        _fail_operation(transaction, letter.actor, letter.options, failed)


def _error(letter: Letter) -> str:
    if letter.actor and letter.actor not in broker.actors:
        return f"There is no actor {letter.actor} in this version of Punctual."
    return letter.error


def _fail_operation(transaction: Transaction, actor: str, options: dict[str, Any], failed: EventType) -> None:
    outcome = Outcome(
        500,
        problem(
            500,
            "failed",
            "This could not be done because of a fault in Punctual; the administrator can see it.",
        ),
        state="failed",
    )
    caller_id = (options.get("caller") or {}).get("id")
    ended = transaction.one(
        "INSERT INTO operation (id, user_id, name, fingerprint, state, outcome, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING RETURNING id",
        (
            options["operation_id"],
            caller_id,
            actor,
            options.get("fingerprint"),
            outcome.state,
            wire.dumps(outcome.fields()).decode(),
            transaction.now,
        ),
    )
    # A repeat may die where the first was done: then there is nothing to regret.
    if ended and caller_id:
        payload = {"operation_id": options["operation_id"], "service": transaction.service, "name": actor}
        transaction.publish(failed, 1, {**payload, "user_id": caller_id}, uuid5(_REGRET, options["operation_id"]))


def _fresh(body: bytes) -> bytes:
    try:
        message = wire.loads(body)
        for stale in ("retries", "bugs", "traceback", "requeue_timestamp", "error", "max_retries", "eta"):
            message["options"].pop(stale, None)
        # Retries and waits count from here.
        message["message_timestamp"] = int(time.time() * 1000)
        return wire.dumps(message)
    except (KeyError, TypeError, ValueError):
        return body


def _operation_id(body: bytes) -> Any:
    try:
        return wire.loads(body)["options"].get("operation_id")
    except (KeyError, TypeError, ValueError):
        return None
