"""Acknowledging in batches: never a message that is still at work, never one of another channel."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from dramatiq.errors import ConnectionClosed

from punctual.kit.consumer import Consumer, Delivered

COMMAND = {
    "queue_name": "task",
    "actor_name": "task.create_task",
    "args": [],
    "kwargs": {},
    "options": {},
    "message_id": "1",
    "message_timestamp": 1,
}


class FakeChannel:
    def __init__(self) -> None:
        self.is_open = True
        self.calls: list[tuple[Any, ...]] = []

    def basic_ack(self, tag: int, *, multiple: bool = False) -> None:
        self.calls.append(("ack", tag, multiple))

    def basic_nack(self, tag: int, *, requeue: bool) -> None:
        self.calls.append(("nack", tag, requeue))


class Reading:
    """A consumer on a channel that remembers what it was told, and the messages that came."""

    def __init__(self, *bodies: dict[str, Any]) -> None:
        self.channel = FakeChannel()
        self.messages: list[Delivered] = []
        self.consumer = Consumer("task", self._open, 0.001, self.messages.append)
        for tag, body in enumerate(bodies, start=1):
            self.deliver(tag, json.dumps(body).encode())

    def _open(self, lost: Any) -> Any:
        self.lost = lost
        return self.channel

    def deliver(self, tag: int, body: bytes) -> None:
        method = SimpleNamespace(delivery_tag=tag, exchange="", routing_key="task")
        self.consumer._take(self.channel, method, SimpleNamespace(type=None), body)  # type: ignore[arg-type]

    def ack(self, *tags: int) -> None:
        for tag in tags:
            self.consumer.ack(self.messages[tag - 1])

    def flush(self) -> list[tuple[Any, ...]]:
        self.consumer._flush()
        return self.channel.calls


def test_what_is_done_before_the_oldest_at_work_goes_with_one_acknowledgement() -> None:
    reading = Reading(*[COMMAND] * 5)

    reading.ack(2, 1, 4, 3)

    assert reading.flush() == [("ack", 4, True)]


def test_what_is_done_after_one_still_at_work_is_acknowledged_alone() -> None:
    reading = Reading(*[COMMAND] * 3)

    reading.ack(1, 3)

    assert reading.flush() == [("ack", 1, True), ("ack", 3, False)]


def test_what_failed_is_refused_before_anything_is_acknowledged_over_it() -> None:
    reading = Reading(*[COMMAND] * 3)
    for message in reading.messages[:2]:
        message.fail()
    reading.messages[1].requeue = True

    reading.ack(3, 1, 2)

    assert reading.flush() == [("nack", 1, False), ("nack", 2, True), ("ack", 3, True)]


def test_a_message_of_a_former_channel_is_settled_there_or_nowhere() -> None:
    former, reading = Reading(COMMAND), Reading(COMMAND)
    former.channel.is_open = False

    reading.consumer.ack(former.messages[0])

    assert former.flush() == []
    assert reading.flush() == []


def test_what_is_done_later_is_acknowledged_later() -> None:
    reading = Reading(*[COMMAND] * 2)

    reading.ack(1)
    reading.flush()
    reading.ack(2)

    assert reading.flush() == [("ack", 1, True), ("ack", 2, True)]


def test_a_message_that_cannot_be_understood_is_refused_and_goes_to_no_thread() -> None:
    reading = Reading()

    reading.deliver(1, b"{")

    assert reading.messages == []
    assert reading.flush() == [("nack", 1, False)]


def test_whoever_iterates_hears_of_a_lost_channel() -> None:
    reading = Reading()
    reading.consumer._reading = True

    assert next(reading.consumer) is None
    reading.lost(ConnectionResetError("gone"))
    with pytest.raises(ConnectionClosed, match="gone"):
        next(reading.consumer)
