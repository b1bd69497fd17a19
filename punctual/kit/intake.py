"""The connection that a process reads its queues through: one for all, a channel for each.

pika on the background's loop: a message costs half of what Dramatiq's own consumer takes, which has a connection,
a thread and a poll for every queue.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import pika
import pika.exceptions
from dramatiq.errors import ConnectionClosed
from pika.adapters.asyncio_connection import AsyncioConnection
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.channel import Channel

from punctual.kit import background

OPEN_SECONDS = 15.0
CONNECT_SECONDS = 10.0
Lost = Callable[[BaseException], None]


class Intake:
    """Opened at first use, and again by whoever needs it after a loss."""

    def __init__(
        self, servers: Callable[[], Sequence[pika.connection.Parameters]], patience: float = CONNECT_SECONDS
    ) -> None:
        self._servers = servers
        self._patience = patience
        self._connecting: asyncio.Future[AsyncioConnection] | None = None

    def channel(self, prefetch: int, lost: Lost) -> Channel:
        """A channel for one consumer, for any thread but the loop's; `lost` hears, on the loop, of its end.

        Raises ConnectionClosed.
        """
        opening = asyncio.run_coroutine_threadsafe(self._channel(prefetch, lost), background.loop())
        try:
            return opening.result(OPEN_SECONDS)
        except (pika.exceptions.AMQPError, AMQPConnectorException, OSError, TimeoutError) as error:
            opening.cancel()
            raise ConnectionClosed(error) from None

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connecting is None:
            return
        with contextlib.suppress(TimeoutError, pika.exceptions.AMQPError):
            asyncio.run_coroutine_threadsafe(self._close(), background.loop()).result(OPEN_SECONDS)

    async def _channel(self, prefetch: int, lost: Lost) -> Channel:
        connection = await self._connection()
        opened: asyncio.Future[Channel] = asyncio.get_running_loop().create_future()

        def ready(channel: Channel) -> None:
            if not opened.done():
                opened.set_result(channel)

        def closed(_channel: Channel, reason: BaseException) -> None:
            if not opened.done():
                opened.set_exception(reason)
            lost(reason)

        connection.channel(on_open_callback=ready).add_on_close_callback(closed)
        channel = await opened
        channel.basic_qos(prefetch_count=prefetch)
        return channel

    async def _connection(self) -> AsyncioConnection:
        known = self._connecting
        if known is None or (known.done() and not _good(known)):
            known = self._connecting = asyncio.get_running_loop().create_future()
            AsyncioConnection.create_connection(self._servers(), _settle(known), asyncio.get_running_loop())
            # A server that hangs up at a bad moment makes pika stop without a word: then the next try begins anew.
            asyncio.get_running_loop().call_later(self._patience, _give_up, known)
        return await asyncio.shield(known)

    async def _close(self) -> None:
        known = self._connecting
        if known is not None and known.done() and _good(known):
            closed = asyncio.Event()
            connection = known.result()
            connection.add_on_close_callback(lambda *_: closed.set())
            connection.close()
            await closed.wait()


def _good(connecting: "asyncio.Future[AsyncioConnection]") -> bool:
    return connecting.exception() is None and connecting.result().is_open


def _settle(connecting: "asyncio.Future[AsyncioConnection]") -> Callable[[Any], None]:
    def done(found: Any) -> None:
        if connecting.done():
            _discard(found)
        elif isinstance(found, BaseException):
            connecting.set_exception(_cause(found))
        else:
            connecting.set_result(found)

    return done


def _give_up(connecting: "asyncio.Future[AsyncioConnection]") -> None:
    if not connecting.done():
        connecting.set_exception(ConnectionError("RabbitMQ doesn't answer in time"))


def _discard(found: Any) -> None:
    if isinstance(found, AsyncioConnection) and found.is_open:
        found.close()


def _cause(error: BaseException) -> BaseException:
    """The last of the tries that pika's workflow of several servers and addresses made."""
    tries = getattr(error, "exceptions", None)
    found = tries[-1] if tries else getattr(error, "exception", None)
    return _cause(found) if found is not None else error
