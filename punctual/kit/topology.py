"""What RabbitMQ has to have before a message can go anywhere: the exchange, the queues, and what they listen to."""

from collections.abc import Mapping, Sequence

import pika.exceptions
from dramatiq.errors import ConnectionClosed

from punctual.kit.broker import PunctualBroker
from punctual.kit.transactions import EVENTS


def declare_topology(broker: PunctualBroker, bindings: Mapping[str, Sequence[str]], queues: Sequence[str]) -> None:
    """Declare the exchange, every queue, and what each listening queue is bound to. Idempotent.

    `bindings` maps a listening queue to the names of the events it wants; stale bindings are left alone. Raises
    ConnectionClosed, also where RabbitMQ is there and refuses.
    """
    try:
        broker.channel.exchange_declare(EVENTS, exchange_type="topic", durable=True)
        for queue in [*queues, *bindings]:
            broker.declare_queue(queue, ensure=True)
        for queue, names in bindings.items():
            for name in names:
                broker.channel.queue_bind(queue, EVENTS, routing_key=name)
    except (pika.exceptions.AMQPError, OSError) as error:
        raise ConnectionClosed(error) from None
