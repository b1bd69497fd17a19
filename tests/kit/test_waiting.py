"""How long messages wait is measured by probes, at most one in each queue."""

from collections.abc import Iterator

import pytest

from punctual.kit.inspection import QueueState
from punctual.kit.waiting import PURGED_SECONDS, Waiting

QUEUE = "tests.waiting"

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def waiting(environment: dict[str, str]) -> Iterator[Waiting]:
    """With a queue that nobody reads."""
    with Waiting() as opened:
        channel = opened._connection.channel()
        channel.queue_declare(QUEUE)
        yield opened
        channel.queue_delete(QUEUE)


def state(waiting: Waiting) -> dict[str, QueueState]:
    found = waiting.queue(QUEUE)
    assert found
    return {QUEUE: found}


def test_where_nobody_reads_the_age_grows_and_one_probe_is_enough(waiting: Waiting) -> None:
    first = waiting.ages(state(waiting))[QUEUE]
    second = waiting.ages(state(waiting))[QUEUE]

    assert second > first >= 0.3
    assert state(waiting)[QUEUE].messages == waiting.own([QUEUE]) == 1


def test_a_probe_that_was_purged_is_not_waited_for_for_ever(waiting: Waiting) -> None:
    waiting.ages(state(waiting))
    waiting._connection.channel().queue_purge(QUEUE)
    waiting._asked[QUEUE] -= PURGED_SECONDS

    assert waiting.ages(state(waiting))[QUEUE] < 1


def test_a_queue_that_is_read_answers_at_once(waiting: Waiting, running_worker: None) -> None:
    found = waiting.queue("task.events")
    assert found

    # One of them at least, however busy the machine is.
    assert min(waiting.ages({"task.events": found})["task.events"] for _ in range(5)) < 0.3
    assert waiting.own(["task.events"]) == 0
