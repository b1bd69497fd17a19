"""What stands in RabbitMQ, looked at from outside: for whoever compares it with what is declared."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self

import pika
from pika.exceptions import (
    AMQPError,
    ChannelClosedByBroker,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from punctual.kit import probe, settings
from punctual.kit.broker import broker
from punctual.kit.transactions import EVENTS

SECONDS = 5.0
GRACE_SECONDS = 0.2


class Unreachable(Exception):
    """RabbitMQ can't be reached, or doesn't let us in; the text says which, without secrets."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many messages wait in a queue (those being worked on don't count), and how many read it."""

    messages: int
    consumers: int


class Inspection:
    """One connection for looking around. Opening raises Unreachable."""

    def __init__(self) -> None:
        self._connection = _connected([_parameters(url) for url in settings.current().amqp_urls])
        self._alarm: str | None = None
        self._connection.add_on_connection_blocked_callback(self._note_alarm)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # While there is an alarm, RabbitMQ doesn't even hear the farewell.
        with contextlib.suppress(AMQPError):
            self._connection.close()

    @property
    def version(self) -> str:
        """The server's own word."""
        server = self._connection._impl.server_properties  # noqa: SLF001 - pika shows it nowhere else
        return f"{server.get('product', 'RabbitMQ')} {server.get('version', 'of unknown version')}"

    def alarm(self) -> str | None:
        """Why RabbitMQ takes no messages at present ("low on disk"), as far as it says; None when it takes one."""
        heard: list[bytes] = []
        channel, queue = self._listen(lambda *delivery: heard.append(delivery[-1]))
        channel.basic_publish("", queue, b"heard")
        self._wait(lambda: bool(heard or self._alarm))
        if self._alarm is None:
            channel.close()
        return self._alarm or (None if heard else "it took a message and did not deliver it")

    def exchange(self) -> str | None:
        """What is wrong with the exchange of events; None when it stands as declared."""
        return self._attempt(
            lambda channel: channel.exchange_declare(EVENTS, passive=True),
            # Declaring again changes nothing where it stands, and is refused where it stands otherwise.
            lambda channel: channel.exchange_declare(EVENTS, exchange_type="topic", durable=True),
        )

    def queue(self, name: str) -> QueueState | None:
        """A queue as it is now; None where there is none."""
        channel = self._connection.channel()
        try:
            state = channel.queue_declare(name, passive=True).method
        except ChannelClosedByBroker:
            return None
        channel.close()
        return QueueState(state.message_count, state.consumer_count)

    def declared_otherwise(self, name: str) -> str | None:
        """How a queue that stands, its delayed or its dead one differs from its declaration."""
        for queue, arguments in broker.declarations(name).items():
            if difference := self._attempt(partial(_declare, queue=queue, arguments=arguments)):
                return difference
        return None

    def probe(self, names: Iterable[str], expected: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Send a probe as each event; which queues answered to which name, as (queue, name)."""
        answers: set[tuple[str, str]] = set()

        def note(_channel: Any, _method: Any, properties: Any, body: bytes) -> None:
            answers.add((body.decode(), properties.correlation_id))

        channel, queue = self._listen(note)
        for name in names:
            channel.basic_publish(EVENTS, name, b"{}", pika.BasicProperties(type=probe.TYPE, reply_to=queue))
        self._wait(lambda: expected <= answers)
        self._connection.process_data_events(GRACE_SECONDS)
        channel.close()
        return answers

    def unanswered(self, queues: Iterable[str], seconds: float) -> set[str]:
        """Send a probe into each of these queues; those from which no worker answers in time."""
        waiting = set(queues)

        def note(_channel: Any, _method: Any, _properties: Any, body: bytes) -> None:
            waiting.discard(body.decode())

        channel, reply = self._listen(note)
        for queue in sorted(waiting):
            channel.basic_publish("", queue, b"{}", pika.BasicProperties(type=probe.TYPE, reply_to=reply))
        self._wait(lambda: not waiting, seconds)
        channel.close()
        return waiting

    def purge(self, queue: str) -> int:
        """Drop what waits in a queue; how many messages. None are dropped where there is no such queue."""
        channel = self._connection.channel()
        try:
            count = int(channel.queue_purge(queue).method.message_count)
        except ChannelClosedByBroker:
            return 0
        channel.close()
        return count

    def _listen(self, hear: Callable[..., None]) -> tuple[Any, str]:
        channel = self._connection.channel()
        queue = str(channel.queue_declare("", exclusive=True, auto_delete=True).method.queue)
        channel.basic_consume(queue, hear, auto_ack=True)
        return channel, queue

    def _wait(self, done: Callable[[], bool], seconds: float = SECONDS) -> None:
        ends_at = time.monotonic() + seconds
        while not done() and time.monotonic() < ends_at:
            self._connection.process_data_events(0.1)

    def _attempt(self, *steps: Callable[[Any], object]) -> str | None:
        channel = self._connection.channel()
        try:
            for step in steps:
                step(channel)
        except ChannelClosedByBroker as error:
            return str(error.reply_text)
        channel.close()
        return None

    def _note_alarm(self, _connection: Any, frame: Any) -> None:
        self._alarm = str(frame.method.reason)


def _parameters(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.socket_timeout = parameters.stack_timeout = SECONDS
    parameters.blocked_connection_timeout = SECONDS
    return parameters


def _connected(nodes: Sequence[pika.URLParameters]) -> pika.BlockingConnection:
    """To the first node that takes us. Raises Unreachable, for the reason of the last."""
    for parameters in nodes[:-1]:
        with contextlib.suppress(Unreachable):
            return _connection(parameters)
    return _connection(nodes[-1])


def _connection(parameters: pika.URLParameters) -> pika.BlockingConnection:
    try:
        socket.create_connection((parameters.host, parameters.port), SECONDS).close()
        return pika.BlockingConnection(parameters)
    except OSError as error:
        raise Unreachable(f"{parameters.host}:{parameters.port}: {error.strerror or error}") from None
    except ProbableAuthenticationError:
        raise Unreachable("it refuses the user and the password") from None
    except ProbableAccessDeniedError:
        raise Unreachable(f"it refuses the virtual host {parameters.virtual_host}") from None
    except (AMQPError, ValueError) as error:
        # ValueError: the connection was gone again before pika looked at it.
        raise Unreachable(f"no AMQP connection: {error!r}") from None


def _declare(channel: Any, *, queue: str, arguments: dict[str, Any]) -> None:
    channel.queue_declare(queue, durable=True, arguments=arguments)
