"""The Dramatiq broker: queues as Dramatiq knows them, and one topic exchange that fans events out to listeners.

Dramatiq's broker publishes to queues only. An event that came through the exchange is given, by the consumer,
the name of the queue it was read from and of the listener's actor (`<service>.<event>`); so its retries and its
dead letters stay in that listener's own queues.
"""

import logging
import random
import time
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any

import dramatiq
import pika
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.common import dq_name, q_name, xq_name
from dramatiq.errors import ConnectionClosed
from dramatiq.middleware import CurrentMessage, Middleware, Retries
from pika.channel import Channel

from punctual.kit import settings, wire
from punctual.kit.consumer import Consumer, Delivered
from punctual.kit.gathering import MOST, Gathered, Gathering
from punctual.kit.intake import Intake, Lost
from punctual.kit.metrics.actors import Counting
from punctual.kit.transactions import lost

log = logging.getLogger(__name__)
MAIL = "mail"
BUG_RETRIES = 3
NOT_FOUND = 404
# So many full ones may be on their way while one is at work.
GATHERINGS_AHEAD = 4
RETRY_FOR_MS = 24 * 3600 * 1000
_LOST_AMQP = (pika.exceptions.AMQPError, ConnectionClosed, ConnectionError)


def worth_retrying(message_timestamp: int, bugs: int, error: BaseException) -> bool:
    """Lost infrastructure is retried for 24 hours, anything unexpected a few times (`bugs` counts those before)."""
    if isinstance(error, dramatiq.Retry):
        return True
    if _expected(error):
        return time.time() * 1000 - message_timestamp < RETRY_FOR_MS
    return bugs < BUG_RETRIES


def _expected(error: BaseException) -> bool:
    return lost(error) or isinstance(error, (dramatiq.Retry, *_LOST_AMQP))


class PunctualRetries(Retries):
    """Retries by the kind of error; a message whose retry can't be sent goes back to its queue, never away."""

    def after_process_message(
        self, broker: Any, message: Any, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        """Send the retry, or give the message up to the dead letters."""
        if exception is None:
            return
        if isinstance(message, Gathered):
            self._after_gathered(broker, message, exception)
            return
        # Counted by themselves: after an outage with its many tries a bug still gets the few of its own.
        bugs = message.options.get("bugs", 0)
        message.options["bugs"] = bugs + (0 if _expected(exception) else 1)
        # None: without end; Dramatiq's own limit is 20 tries, over within half an hour.
        worth = worth_retrying(message.message_timestamp, bugs, exception)
        message.options["max_retries"] = None if worth else -1
        try:
            super().after_process_message(broker, message, result=result, exception=exception)
        except _LOST_AMQP:
            message.requeue = True
            message.fail()
        except Exception:
            # Dramatiq would only log this, and acknowledge the message as if it were done.
            log.exception("No retry could be made of %s", message)
            message.fail()
        if message.failed and not getattr(message, "requeue", False):
            message.options["error"] = f"{type(exception).__name__}: {exception}"

    def _after_gathered(self, broker: Any, message: Gathered, exception: BaseException) -> None:
        """One item's fault is not the others': each gets its own try, or, where none can go well, its own retry."""
        if len(message.parts) > 1 and not _expected(exception):
            message.apart = True
            return
        for part in message.parts:
            self.after_process_message(broker, part, exception=exception)


class _Hands(Middleware):
    """Knows the worker of this process, so that what arrives can be handed to its threads without a detour."""

    def before_worker_boot(self, broker: Any, worker: Any) -> None:
        """Note who takes messages from now on."""
        broker.hand = lambda message: worker.consumers[message.queue_name].handle_message(message)


# A property; mypy takes it for a function.
_CONNECTION: Any = RabbitmqBroker.connection


def _connection(broker: RabbitmqBroker) -> Any:
    try:
        return _CONNECTION.fget(broker)
    except ValueError as error:
        # What pika says when a server hangs up between its taking the connection and pika's looking at it.
        raise pika.exceptions.AMQPConnectionError(error) from None


class PunctualBroker(RabbitmqBroker):
    """RabbitMQ with confirms, connected at first use, dead letters that never expire."""

    hand: Callable[[Any], None] | None = None
    connection = _CONNECTION.getter(_connection)

    def __init__(self) -> None:
        self._intake = Intake(lambda: self.parameters)
        self._gatherings: dict[str, Gathering] = {}
        super().__init__(confirm_delivery=True, middleware=[CurrentMessage(), Counting(), PunctualRetries(), _Hands()])

    def gather(self, actor_names: Collection[str], together: str, by: str | None = None, most: int = MOST) -> None:
        """Messages for these actors that are at hand at once go to the actor `together`, as one of `most` at most.

        With `by` only those that have the same value of this argument.
        """
        gathering = Gathering(together, lambda message: self.hand and self.hand(message), by, most)
        self._gatherings.update(dict.fromkeys(actor_names, gathering))

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """Begin to read a queue; `timeout` in milliseconds. Raises ConnectionClosed."""
        self.declare_queue(queue_name, ensure=True)
        gatherings = [each for name, each in self._gatherings.items() if self.actors[name].queue_name == queue_name]
        prefetch = max(prefetch, *(GATHERINGS_AHEAD * each.most for each in gatherings), 0)

        def open_channel(lost: Lost) -> Channel:
            def lose(reason: BaseException) -> None:
                if getattr(reason, "reply_code", None) == NOT_FOUND:
                    self.queues_pending.add(q_name(queue_name))
                lost(reason)

            return self._intake.channel(prefetch, lose)

        # What waits for its time stays with the thread that watches the clock.
        delayed = queue_name != q_name(queue_name)
        return Consumer(queue_name, open_channel, timeout / 1000, None if delayed else self._hand_over)

    def close(self) -> None:
        """Close everything that is open."""
        self._intake.close()
        super().close()

    def _hand_over(self, message: Delivered) -> None:
        if gathering := self._gatherings.get(message.actor_name):
            gathering.bring(message)
        elif self.hand:
            self.hand(message)

    @cached_property
    def _from_settings(self) -> list[pika.URLParameters]:
        return [_parameters(url) for url in settings.current().amqp_urls]

    @property
    def parameters(self) -> list[pika.URLParameters]:
        """Where RabbitMQ is, read from the settings at first use, not at import; nodes in any order."""
        return random.sample(self._from_settings, len(self._from_settings))

    @parameters.setter
    def parameters(self, _value: Any) -> None:
        """Dramatiq sets a default here; the settings win."""

    def declare_actor(self, actor: Any) -> None:
        """Know an actor. Its own logger tells all arguments at debug level, and some are secrets."""
        actor.logger.setLevel(logging.INFO)
        super().declare_actor(actor)

    def declarations(self, queue_name: str) -> dict[str, dict[str, Any]]:
        """The arguments of a queue, its delayed and its dead one, by their names."""
        arguments = self._build_queue_arguments(queue_name)
        return {queue_name: arguments, dq_name(queue_name): arguments, xq_name(queue_name): _kind()}

    def _build_queue_arguments(self, queue_name: str) -> dict[str, Any]:
        return {**super()._build_queue_arguments(queue_name), **_kind()}

    def _declare_xq_queue(self, queue_name: str) -> Any:
        return self.channel.queue_declare(queue=xq_name(queue_name), durable=True, arguments=_kind())


def _parameters(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 15
    parameters.blocked_connection_timeout = 20
    parameters.socket_timeout = 5
    return parameters


def _kind() -> dict[str, Any]:
    return {"x-queue-type": "quorum"} if settings.current().quorum_queues else {}


def declare_actor(function: Callable[..., None], name: str, queue: str, *, max_backoff: int = 60_000) -> Any:
    """Make a function an actor of a queue; its retries begin after half a second. `max_backoff` in milliseconds."""
    declare = dramatiq.actor(actor_name=name, queue_name=queue, broker=broker, min_backoff=500, max_backoff=max_backoff)
    return declare(function)


dramatiq.set_encoder(wire.WireEncoder())
broker = PunctualBroker()
dramatiq.set_broker(broker)
