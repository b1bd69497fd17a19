"""A worker's way out: replies at once, then the outbox in batches, behind the reply.

Works on the background's event loop, so that many confirms are awaited together and one DELETE serves many
commands. Whatever it doesn't finish (crash, RabbitMQ gone) stays in the outbox for the sweep.
"""

import asyncio
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from aio_pika.abc import AbstractIncomingMessage

from punctual.kit import background, transactions
from punctual.kit.bus import Bus
from punctual.kit.transactions import Outgoing

log = logging.getLogger(__name__)
SWEEP_AFTER_SECONDS = 5
SWEEP_BATCH = 500
_BATCH = 200
# A fuller batch costs less of everything.
_GATHER_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Reply:
    """An outcome for the process that waits on a reply queue."""

    queue: str
    message_id: str
    body: bytes


class Relay:
    """Publishes for the worker threads of this process. Starts with its first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given: list[tuple[str, Sequence[Outgoing], Reply | None]] = []
        self._waiting: list[tuple[str, Outgoing]] = []
        self._wake = asyncio.Event()
        self._draining = False
        self._idle = threading.Event()
        self._idle.set()
        self._bus = Bus()

    def settle(self, service: str, items: Sequence[Outgoing], reply: Reply | None = None) -> None:
        """After a commit: answer the handler that waits, publish what the outbox got and delete it there.

        Doesn't block; the relay's thread is woken once for all that comes while it is at work.
        """
        if not items and reply is None:
            return
        with self._lock:
            first = not self._given
            self._given.append((service, items, reply))
            self._idle.clear()
        if first:
            background.loop().call_soon_threadsafe(self._take)

    def publish(self, items: Sequence[Outgoing]) -> list[Outgoing]:
        """Publish and wait; returns what RabbitMQ confirmed."""
        return asyncio.run_coroutine_threadsafe(self._bus.publish_all(items), background.loop()).result()

    def finish(self, seconds: float) -> None:
        """Wait until what was handed over is published, so that a planned stop leaves nothing to the sweep."""
        self._idle.wait(seconds)

    def fetch(self, queue: str, limit: int) -> list[AbstractIncomingMessage]:
        """Take up to `limit` messages from a queue, not yet acknowledged."""
        return asyncio.run_coroutine_threadsafe(self._bus.fetch(queue, limit), background.loop()).result()

    def acknowledge(self, messages: Sequence[AbstractIncomingMessage]) -> None:
        """Acknowledge what `fetch` gave."""
        asyncio.run_coroutine_threadsafe(self._bus.acknowledge(messages), background.loop()).result()

    def give_back(self, messages: Sequence[AbstractIncomingMessage]) -> None:
        """Let what `fetch` gave be fetched again."""
        asyncio.run_coroutine_threadsafe(self._bus.give_back(messages), background.loop()).result()

    def _take(self) -> None:
        if not self._draining:
            self._draining = True
            _keep(background.loop().create_task(self._drain_all()))
        with self._lock:
            given, self._given = self._given, []
        for service, items, reply in given:
            if reply:
                _keep(background.loop().create_task(self._bus.reply(reply.queue, reply.message_id, reply.body)))
            self._waiting.extend((service, item) for item in items)
        self._wake.set()

    async def _drain_all(self) -> None:
        drained_at = float("-inf")
        while True:
            await self._wake.wait()
            # The first after a pause goes at once; company is worth waiting for only where there is much to do.
            await asyncio.sleep(max(0.0, drained_at + _GATHER_SECONDS - time.monotonic()))
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                try:
                    await self._drain(batch)
                except Exception:
                    # One bad batch must not end the relay; the sweep takes up what it left.
                    log.exception("Relaying %d message(s) failed", len(batch))
            drained_at = time.monotonic()
            with self._lock:
                if not self._given and not self._waiting:
                    self._idle.set()

    async def _drain(self, batch: list[tuple[str, Outgoing]]) -> None:
        confirmed = await self._bus.publish_all([item for _, item in batch])
        done = {item.id for item in confirmed}
        by_service: dict[str, list[Outgoing]] = defaultdict(list)
        for service, item in batch:
            if item.id in done:
                by_service[service].append(item)
        for service, items in by_service.items():
            try:
                await asyncio.to_thread(_forget, service, items)
            except psycopg2.Error as error:
                # The sweep publishes these once more and listeners drop the doubles.
                log.warning("Published but not yet deleted from the outbox of %s: %s", service, error)


def sweep(transaction: transactions.Transaction) -> None:
    """Publish what stayed in the outbox of this service, a batch per call; any number may run at once."""
    rows = transaction.all(
        "SELECT id, exchange, routing_key, body FROM outbox WHERE created_at < %s - make_interval(secs => %s)"
        " ORDER BY created_at, id LIMIT %s FOR UPDATE SKIP LOCKED",
        (transaction.now, SWEEP_AFTER_SECONDS, SWEEP_BATCH),
    )
    items = [Outgoing(row["id"], row["exchange"], row["routing_key"], bytes(row["body"])) for row in rows]
    confirmed = relay.publish(items) if items else []
    if confirmed:
        transaction.later("DELETE FROM outbox WHERE id = ANY(%s)", ([item.id for item in confirmed],))
        log.info("Swept the outbox of %s: %d of %d published", transaction.service, len(confirmed), len(items))


def _forget(service: str, items: list[Outgoing]) -> None:
    with transactions.begin(service) as transaction:
        # Losing this deletion in a crash of the server only means publishing again.
        transaction.later("SET LOCAL synchronous_commit = off")
        transaction.later("DELETE FROM outbox WHERE id = ANY(%s)", ([item.id for item in items],))


def _keep(task: "asyncio.Task[Any]") -> None:
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


_tasks: set["asyncio.Task[Any]"] = set()
relay = Relay()
