"""RabbitMQ from an event loop (aio-pika): publish with confirms, answer, and hear what is live."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractRobustConnection
from aiormq import spec
from aiormq.exceptions import ChannelNotFoundEntity

from punctual.kit import nodes, probe, settings
from punctual.kit.bus_faults import is_fault, tolerant
from punctual.kit.errors import Unavailable
from punctual.kit.transactions import EVENTS, Outgoing

log = logging.getLogger(__name__)
# Less than the gateway waits at least, so that the answer is a clear refusal and not its time-out.
CONFIRM_SECONDS = 4.0
Handler = Callable[[AbstractIncomingMessage], Awaitable[None]]


class Bus:
    """One connection of this process, reconnecting by itself; a channel with confirms and one without."""

    def __init__(self) -> None:
        self._connection: AbstractRobustConnection | None = None
        self._confirmed: AbstractChannel | None = None
        self._plain: AbstractChannel | None = None
        self._lock = asyncio.Lock()

    async def publish(
        self,
        routing_key: str,
        body: bytes,
        *,
        exchange: str = "",
        reply_to: str | None = None,
        message_id: str = "",
    ) -> None:
        """Publish one persistent message and wait for RabbitMQ's confirm.

        Raises Unavailable: nothing was accepted, as far as is known.
        """
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self._send(routing_key, body, exchange, reply_to, message_id)
        except Exception as error:
            if not is_fault(error):
                raise
            log.warning("Not confirmed by RabbitMQ: %s: %s", type(error).__name__, error)
            raise Unavailable("The message broker can't take this right now; try again shortly.") from error

    async def publish_all(self, batch: Iterable[Outgoing]) -> list[Outgoing]:
        """Publish a batch and wait for all confirms together; returns those that were confirmed."""
        items = list(batch)
        if not items:
            return []
        sending = [
            asyncio.ensure_future(self._send(item.routing_key, item.body, item.exchange, None, str(item.id)))
            for item in items
        ]
        done, late = await asyncio.wait(sending, timeout=CONFIRM_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        confirmed = [item for item, task in zip(items, sending, strict=True) if task in done and _went_well(task)]
        if len(confirmed) < len(items):
            log.warning("Not confirmed by RabbitMQ: %d of %d messages", len(items) - len(confirmed), len(items))
        return confirmed

    async def reply(self, queue: str, correlation_id: str, body: bytes) -> None:
        """Answer a waiting handler; lost without harm when it isn't there any more."""
        with tolerant():
            channel: Any = await (await self._channel(confirms=False)).get_underlay_channel()
            properties = spec.Basic.Properties(correlation_id=correlation_id)
            await channel.basic_publish(body, routing_key=queue, properties=properties, wait=False)

    async def fetch(self, queue: str, limit: int) -> list[AbstractIncomingMessage]:
        """Take up to `limit` messages from a queue, unacknowledged. None where RabbitMQ or the queue is gone."""
        messages: list[AbstractIncomingMessage] = []
        with tolerant():
            source = await (await self._channel(confirms=False)).get_queue(queue, ensure=False)
            while len(messages) < limit and (message := await source.get(fail=False, timeout=CONFIRM_SECONDS)):
                messages.append(message)
        return messages

    async def acknowledge(self, messages: Iterable[AbstractIncomingMessage]) -> None:
        """Acknowledge what `fetch` gave; what can't be comes again."""
        with tolerant():
            for message in messages:
                await message.ack()

    async def give_back(self, messages: Iterable[AbstractIncomingMessage]) -> None:
        """Let what `fetch` gave be fetched again."""
        with tolerant():
            for message in messages:
                await message.nack(requeue=True)

    async def depth(self, queue: str) -> tuple[int, int] | None:
        """How many messages wait in a queue, and how many consumers it has; None where there is none.

        Raises Unavailable.
        """
        await self.connect()
        # To ask for what isn't there closes the channel.
        channel = self._one_of_its_own(confirms=False)
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                await channel
                underlay: Any = await channel.get_underlay_channel()
                state = await underlay.queue_declare(queue, passive=True)
            return state.message_count, state.consumer_count
        except ChannelNotFoundEntity:
            return None
        except Exception as error:
            if not is_fault(error):
                raise
            raise Unavailable("The message broker can't tell right now; try again shortly.") from error
        finally:
            with tolerant():
                await asyncio.wait_for(channel.close(), 1)

    async def listen(self, handler: Handler, events: Iterable[str] = ()) -> str:
        """Read an exclusive queue of this process, bound to `events`; returns its name. Survives reconnects.

        Raises Unavailable.
        """
        await self.connect()
        channel = self._one_of_its_own()
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                return await _consume(channel, handler, events)
        except Exception as error:
            # Left alone it would come back with each reconnection.
            with tolerant():
                await asyncio.wait_for(channel.close(), 1)
            if not is_fault(error):
                raise
            raise Unavailable(f"RabbitMQ can't be listened to: {error}") from error

    def on_reconnect(self, callback: Callable[[], None]) -> None:
        """Call this each time the connection, its queues and bindings stand again after a loss."""
        assert self._connection is not None
        self._connection.reconnect_callbacks.add(lambda *_: callback())

    @property
    def connected(self) -> bool:
        """Whether RabbitMQ is reachable at this moment."""
        connection = self._connection
        return connection is not None and connection.connected.is_set() and not connection.is_closed

    async def close(self) -> None:
        """Close the connection and everything on it."""
        if self._connection is not None:
            await self._connection.close()

    async def connect(self) -> None:
        """Connect now. Raises Unavailable."""
        try:
            await self._channel()
        except Exception as error:
            if not is_fault(error):
                raise
            raise Unavailable(f"RabbitMQ can't be reached: {error}") from error

    async def _channel(self, *, confirms: bool = True) -> AbstractChannel:
        channel = self._confirmed if confirms else self._plain
        if channel is not None:
            return channel
        async with self._lock:
            if self._connection is None:
                await self._open()
        channel = self._confirmed if confirms else self._plain
        assert channel is not None
        return channel

    def _one_of_its_own(self, *, confirms: bool = True) -> AbstractChannel:
        assert self._connection is not None
        try:
            return self._connection.channel(publisher_confirms=confirms)
        except RuntimeError as error:
            # aio-pika's word for a connection that is being made anew.
            raise Unavailable(f"RabbitMQ can't be reached: {error}") from error

    async def _open(self) -> None:
        connection = await nodes.connected(settings.current().amqp_urls, CONFIRM_SECONDS)
        try:
            plain = await connection.channel(publisher_confirms=False)
            confirmed = await connection.channel(publisher_confirms=True, on_return_raises=True)
        except BaseException:
            with tolerant():
                await connection.close()
            raise
        self._connection, self._plain, self._confirmed = connection, plain, confirmed

    async def _send(self, routing_key: str, body: bytes, exchange: str, reply_to: str | None, message_id: str) -> None:
        channel = await self._channel()
        if not self.connected:
            # Waiting for a reconnection would make people wait; they may as well come again.
            raise ConnectionError("RabbitMQ is away")
        properties = spec.Basic.Properties(
            delivery_mode=2, content_type="application/json", reply_to=reply_to, message_id=message_id
        )
        # Straight to aiormq: aio-pika's own message and exchange objects double the price of a publication.
        underlay: Any = await channel.get_underlay_channel()
        # Short of memory or disk, RabbitMQ lets the message stand in the socket, and takes it long after our 503.
        await underlay.connection.ready()
        await underlay.basic_publish(
            body,
            exchange=exchange,
            routing_key=routing_key,
            properties=properties,
            mandatory=not exchange,
            wait=False,
        )


async def _consume(channel: AbstractChannel, handler: Handler, events: Iterable[str]) -> str:
    await channel
    queue = await channel.declare_queue(exclusive=True, auto_delete=True)
    exchange = await channel.declare_exchange(EVENTS, aio_pika.ExchangeType.TOPIC, durable=True)
    for name in events:
        await queue.bind(exchange, name)

    async def hear(message: AbstractIncomingMessage) -> None:
        if not probe.is_probe(message):
            await handler(message)

    await queue.consume(hear, no_ack=True)
    return queue.name


def _went_well(task: "asyncio.Task[None]") -> bool:
    error = task.exception()
    if error is not None and not is_fault(error):
        raise error
    return error is None
