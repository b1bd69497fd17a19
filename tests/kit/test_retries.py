"""What is tried again: lost servers for a day, bugs a few times."""

import time
from typing import Any

import psycopg2
import pytest
from dramatiq import Actor, Message, MessageProxy
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import ConnectionClosed

from punctual.kit.broker import BUG_RETRIES, PunctualRetries

HOUR = 3600


class Recorder(StubBroker):
    """A broker in memory that notes what is sent again, and after how many milliseconds."""

    def __init__(self) -> None:
        super().__init__(middleware=[])
        self.sent: list[int | None] = []
        Actor(lambda: None, broker=self, actor_name="a", queue_name="q", priority=0, options={"min_backoff": 500})

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        self.sent.append(delay)
        return message


class Gone(Recorder):
    """A broker that has lost its connection."""

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        raise ConnectionClosed("gone")


def fail(error: Exception, *, retries: int = 0, bugs: int = 0, age: float = 0, broker: Recorder | None = None) -> Any:
    """A message that was tried so many times over so many seconds, and fails once more."""
    options = {"retries": retries, "bugs": bugs}
    message = MessageProxy(Message("q", "a", (), {}, options, "1", int((time.time() - age) * 1000)))
    PunctualRetries().after_process_message(broker or Recorder(), message, exception=error)
    return message


@pytest.mark.parametrize("retries", [0, 19, 20, 21, 1_400])
def test_a_lost_database_is_waited_for_however_often(retries: int) -> None:
    broker = Recorder()

    message = fail(psycopg2.OperationalError("gone"), retries=retries, age=23 * HOUR, broker=broker)

    assert not message.failed
    assert len(broker.sent) == 1


def test_after_a_day_it_is_given_up() -> None:
    assert fail(psycopg2.OperationalError("gone"), age=25 * HOUR).failed


def test_a_connection_that_breaks_in_the_middle_of_an_answer_is_a_lost_database() -> None:
    assert not fail(psycopg2.DatabaseError("error with no message from the libpq"), bugs=BUG_RETRIES).failed
    assert fail(psycopg2.errors.UndefinedTable("no such table"), bugs=BUG_RETRIES).failed


@pytest.mark.parametrize("bugs", range(BUG_RETRIES))
def test_a_bug_is_tried_a_few_times_also_after_an_outage(bugs: int) -> None:
    message = fail(ZeroDivisionError("no way"), retries=30 + bugs, bugs=bugs)

    assert not message.failed
    assert message.options["bugs"] == bugs + 1


def test_an_outage_is_no_bug() -> None:
    assert fail(psycopg2.OperationalError("gone")).options["bugs"] == 0


def test_and_then_given_up_with_its_cause() -> None:
    message = fail(ZeroDivisionError("no way"), retries=BUG_RETRIES, bugs=BUG_RETRIES)

    assert message.failed
    assert message.options["error"] == "ZeroDivisionError: no way"


def test_a_retry_that_can_not_be_sent_goes_back_to_its_queue() -> None:
    message = fail(psycopg2.OperationalError("gone"), broker=Gone())

    assert message.failed
    assert message.requeue
