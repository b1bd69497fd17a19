"""Probes: messages through the exchange that ask each listening queue whether it is bound and read.

AMQP can't list bindings. But a probe travels as an event of its name would, and the consumer of every queue
that it reaches answers with the queue's name, before any actor sees it. So each answer proves the exchange, one
binding, the queue and its worker, and changes nothing.
"""

from typing import Any

import pika

TYPE = "punctual.probe"


def is_probe(properties: Any) -> bool:
    """Whether these are a probe's properties, as pika or aio-pika gives them."""
    return getattr(properties, "type", None) == TYPE


def answer(channel: Any, method: Any, properties: Any, queue_name: str) -> None:
    """Say that the probe arrived in this queue. For the thread that owns the channel."""
    channel.basic_ack(method.delivery_tag)
    if properties.reply_to:
        reply = pika.BasicProperties(type=TYPE, correlation_id=method.routing_key)
        channel.basic_publish("", properties.reply_to, queue_name.encode(), reply)
