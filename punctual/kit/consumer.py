"""Reading a queue: commands as Dramatiq wrote them, events as the exchange delivered them; acknowledged in batches."""

import logging
import threading
from functools import partial
from typing import Any

import pika
from dramatiq import MessageProxy
from dramatiq.brokers.rabbitmq import _RabbitmqConsumer, _RabbitmqMessage
from dramatiq.common import q_name
from dramatiq.errors import ConnectionClosed

from punctual.kit import messages, probe
from punctual.kit.transactions import EVENTS

log = logging.getLogger(__name__)
_ACK, _NACK, _REQUEUE = "ack", "nack", "requeue"
# An acknowledgement that a crash loses only means delivery again, which meets the stored outcome.
_GATHER_SECONDS = 0.04


class _Delivered(_RabbitmqMessage):
    """A message that knows which connection delivered it."""

    def __init__(self, consumer: "Consumer", *arguments: Any) -> None:
        super().__init__(*arguments)
        self.consumer = consumer

    def __str__(self) -> str:
        """For Dramatiq's logs, which must not show the arguments: some are secrets."""
        return f"{self.actor_name} {self.message_id}"


class Consumer(_RabbitmqConsumer):
    """One queue, read in one thread; messages are settled by worker threads at any time."""

    def __init__(self, *arguments: Any) -> None:
        self._lock = threading.Lock()
        self._settled: dict[int, str] = {}
        super().__init__(*arguments)

    def __next__(self) -> MessageProxy | None:
        try:
            method, properties, body = next(self.iterator)
        except (AssertionError, pika.exceptions.AMQPConnectionError, pika.exceptions.AMQPChannelError) as error:
            if getattr(error, "reply_code", None) == 404:
                self.broker.queues_pending.add(q_name(self.queue_name))
            raise ConnectionClosed(error) from None
        if method is None:
            return None
        if probe.is_probe(properties):
            probe.answer(self.channel, method, properties, self.queue_name)
            return None
        try:
            message = messages.decode(self.queue_name, body, event=method.exchange == EVENTS)
        except messages.Damaged as error:
            log.error("A message in %s goes to the dead letters: %s", self.queue_name, error)  # noqa: TRY400 - no secrets
            self._settle(method.delivery_tag, _NACK)
            return None
        self.known_tags.add(method.delivery_tag)
        return _Delivered(self, method.redelivered, method.delivery_tag, message)

    def ack(self, message: Any) -> None:
        """Done with it."""
        self._finish(message, _ACK)

    def nack(self, message: Any) -> None:
        """Dead-letter a failed message, or give it back when its retry could not be published."""
        self._finish(message, _REQUEUE if getattr(message, "requeue", False) else _NACK)

    def close(self) -> None:
        """Settle what is left, then close."""
        try:
            self.connection.add_callback_threadsafe(self._flush)
        except pika.exceptions.ConnectionWrongStateError:
            log.debug("The connection is closed already; what it held is delivered again.")
        super().close()

    def _finish(self, message: Any, how: str) -> None:
        # Tags count from 1 on every connection: one from before a reconnect would settle a stranger's message.
        # The message itself is delivered again.
        if message.consumer is self:
            self._settle(message._tag, how)  # noqa: SLF001 - as the class it extends does

    def _settle(self, tag: int, how: str) -> None:
        with self._lock:
            first = not self._settled
            self._settled[tag] = how
            self.known_tags.discard(tag)
        if first:
            try:
                self.connection.add_callback_threadsafe(
                    partial(self.connection.call_later, _GATHER_SECONDS, self._flush)
                )
            except pika.exceptions.AMQPConnectionError as error:
                raise ConnectionClosed(error) from None

    def _flush(self) -> None:
        with self._lock:
            oldest = min(tuple(self.known_tags), default=None)
            settled, self._settled = self._settled, {}
        for tag in [tag for tag, how in settled.items() if how != _ACK]:
            self.channel.basic_nack(tag, requeue=settled.pop(tag) == _REQUEUE)
        # Everything before the oldest message still at work goes with one acknowledgement.
        together = [tag for tag in settled if oldest is None or tag < oldest]
        if together:
            self.channel.basic_ack(max(together), multiple=True)
        for tag in settled.keys() - together:
            self.channel.basic_ack(tag)
