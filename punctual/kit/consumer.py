"""Reading a queue: commands as Dramatiq wrote them, events as the exchange delivered them; acknowledged in batches."""

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

import dramatiq
from dramatiq import MessageProxy
from dramatiq.errors import ConnectionClosed
from pika.channel import Channel

from punctual.kit import background, messages, probe
from punctual.kit.transactions import EVENTS

log = logging.getLogger(__name__)
# An acknowledgement that a crash loses only means delivery again, which meets the stored outcome.
_GATHER_SECONDS = 0.04
_CLOSE_SECONDS = 5.0
_ACK, _NACK, _REQUEUE = "ack", "nack", "requeue"


class Delivered(MessageProxy):
    """A message that knows which consumer it came by: tags count from 1 on every channel."""

    def __init__(self, message: Any, tag: int, consumer: "Consumer") -> None:
        super().__init__(message)
        self.requeue = False
        self._tag = tag
        self._consumer = consumer

    def settle(self) -> None:
        """Done with it: acknowledge, dead-letter, or give it back when its retry could not be published."""
        self._consumer.settle(self._tag, _ACK if not self.failed else _REQUEUE if self.requeue else _NACK)


class Consumer(dramatiq.Consumer):
    """One queue on its own channel. Messages come in on the background's loop and are settled in any thread.

    `hand` takes a message there and then, on the loop; without it messages go to whoever iterates. Raises
    ConnectionClosed.
    """

    def __init__(
        self,
        queue_name: str,
        open_channel: Callable[[Callable[[BaseException], None]], Channel],
        timeout: float,
        hand: Callable[[Delivered], None] | None = None,
    ) -> None:
        self._queue_name = queue_name
        self._timeout = timeout
        self._arrived: queue.SimpleQueue[Delivered | BaseException] = queue.SimpleQueue()
        self._hand = hand or self._arrived.put
        self._lock = threading.Lock()
        self._at_work: set[int] = set()
        self._settled: dict[int, str] = {}
        self._reading = False
        self._channel = open_channel(self._arrived.put)

    def __next__(self) -> MessageProxy | None:
        """The next message, if it isn't handed; None after the timeout. Raises ConnectionClosed, once it is lost."""
        if not self._reading:
            # Not before its thread asks: from now on that thread knows whom to settle a message with.
            self._reading = True
            self._on_loop(self._read)
        try:
            item = self._arrived.get(timeout=self._timeout)
        except queue.Empty:
            return None
        if isinstance(item, BaseException):
            raise ConnectionClosed(item)
        return item

    def ack(self, message: Any) -> None:
        """Settle it; where it came from, and how it ended, it knows itself."""
        message.settle()

    nack = ack

    def settle(self, tag: int, how: str) -> None:
        """Say of a tag how it ended. What a lost channel delivered is delivered again."""
        with self._lock:
            first = not self._settled
            self._settled[tag] = how
            self._at_work.discard(tag)
        if first:
            self._on_loop(self._flush_soon)

    def close(self) -> None:
        """Settle what is done and close; what is not done is delivered again, to another."""
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._close(), background.loop()).result(_CLOSE_SECONDS)

    def _on_loop(self, call: Callable[[], None]) -> None:
        background.loop().call_soon_threadsafe(call)

    def _read(self) -> None:
        if self._channel.is_open:
            # Deleted or moved with its node, a queue cancels its consumers.
            self._channel.add_on_cancel_callback(lambda _: self._channel.is_open and self._channel.close())
            self._channel.basic_consume(self._queue_name, self._take)

    def _take(self, channel: Channel, method: Any, properties: Any, body: bytes) -> None:
        if probe.is_probe(properties):
            probe.answer(channel, method, properties, self._queue_name)
            return
        try:
            message = messages.decode(self._queue_name, body, event=method.exchange == EVENTS)
        except messages.Damaged as error:
            log.error("A message in %s goes to the dead letters: %s", self._queue_name, error)  # noqa: TRY400 - no secrets
            self.settle(method.delivery_tag, _NACK)
            return
        with self._lock:
            self._at_work.add(method.delivery_tag)
        self._hand(Delivered(message, method.delivery_tag, self))

    def _flush_soon(self) -> None:
        background.loop().call_later(_GATHER_SECONDS, self._flush)

    def _flush(self) -> None:
        with self._lock:
            oldest = min(self._at_work, default=None)
            settled, self._settled = self._settled, {}
        if not self._channel.is_open:
            return
        for tag in [tag for tag, how in settled.items() if how != _ACK]:
            self._channel.basic_nack(tag, requeue=settled.pop(tag) == _REQUEUE)
        # Everything before the oldest message still at work goes with one acknowledgement.
        together = [tag for tag in settled if oldest is None or tag < oldest]
        if together:
            self._channel.basic_ack(max(together), multiple=True)
        for tag in settled.keys() - together:
            self._channel.basic_ack(tag)

    async def _close(self) -> None:
        self._flush()
        if self._channel.is_open:
            self._channel.close()
