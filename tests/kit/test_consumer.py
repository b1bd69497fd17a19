"""Acknowledging in batches: never a message that is still at work, never one of another connection."""

from types import SimpleNamespace
from typing import Any

from punctual.kit.consumer import Consumer


class FakeChannel:
    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def basic_ack(self, tag: int, *, multiple: bool = False) -> None:
        self.calls.append(("ack", tag, multiple))

    def basic_nack(self, tag: int, *, requeue: bool) -> None:
        self.calls.append(("nack", tag, requeue))


class FakeConnection:
    def __init__(self) -> None:
        self.callbacks: list[Any] = []

    def add_callback_threadsafe(self, callback: Any) -> None:
        self.callbacks.append(callback)

    def call_later(self, _seconds: float, callback: Any) -> None:
        callback()

    def run(self) -> None:
        while self.callbacks:
            self.callbacks.pop(0)()


def consumer(*tags: int) -> Any:
    """A consumer to which messages with these tags were delivered."""
    made: Any = FakeRabbitmqConsumer.__new__(FakeRabbitmqConsumer)
    made.prepare()
    made.known_tags = set(tags)
    return made


class FakeRabbitmqConsumer(Consumer):
    def prepare(self) -> None:
        import threading

        self._lock = threading.Lock()
        self._settled = {}
        self.channel, self.connection = FakeChannel(), FakeConnection()


def delivered(by: Any, tag: int, *, requeue: bool = False) -> Any:
    return SimpleNamespace(_tag=tag, consumer=by, requeue=requeue)


def test_what_is_done_before_the_oldest_at_work_goes_with_one_acknowledgement() -> None:
    reading = consumer(1, 2, 3, 4, 5)

    for tag in (2, 1, 4, 3):
        reading.ack(delivered(reading, tag))
    reading.connection.run()

    assert reading.channel.calls == [("ack", 4, True)]


def test_what_is_done_after_one_still_at_work_is_acknowledged_alone() -> None:
    reading = consumer(1, 2, 3)

    reading.ack(delivered(reading, 1))
    reading.ack(delivered(reading, 3))
    reading.connection.run()

    assert reading.channel.calls == [("ack", 1, True), ("ack", 3, False)]


def test_what_failed_is_refused_before_anything_is_acknowledged_over_it() -> None:
    reading = consumer(1, 2, 3)

    reading.ack(delivered(reading, 3))
    reading.nack(delivered(reading, 1))
    reading.nack(delivered(reading, 2, requeue=True))
    reading.connection.run()

    assert reading.channel.calls == [("nack", 1, False), ("nack", 2, True), ("ack", 3, True)]


def test_a_message_of_a_former_connection_is_left_alone() -> None:
    former, reading = consumer(1), consumer(1)

    reading.ack(delivered(former, 1))
    reading.connection.run()

    assert reading.channel.calls == []
    assert reading.known_tags == {1}


def test_what_comes_while_a_batch_is_under_way_gets_a_batch_of_its_own() -> None:
    reading = consumer(1, 2)

    reading.ack(delivered(reading, 1))
    reading.connection.run()
    reading.ack(delivered(reading, 2))
    reading.connection.run()

    assert reading.channel.calls == [("ack", 1, True), ("ack", 2, True)]
