"""What comes while a batch is at work makes the next one, and no message pays for another's fault."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from punctual.kit.broker import PunctualRetries
from punctual.kit.gathering import MOST, Gathered, Gathering


class FakePart:
    def __init__(self, number: int) -> None:
        self.queue_name = "notification.events"
        self.kwargs = {"event": number}
        self.settled = 0

    def settle(self) -> None:
        self.settled += 1


class Hands:
    """What was handed on, in order."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.gathering = Gathering("notification.together", self.taken.append)
        self.parts: list[FakePart] = []

    def bring(self, count: int) -> None:
        for _ in range(count):
            self.parts.append(FakePart(len(self.parts)))
            self.gathering.bring(self.parts[-1])

    def sizes(self) -> list[int]:
        return [len(batch.kwargs["items"]) for batch in self.taken]


def test_one_alone_waits_for_nobody() -> None:
    hands = Hands()

    hands.bring(1)

    assert hands.sizes() == [1]
    assert hands.taken[0].actor_name == "notification.together"
    assert hands.taken[0].kwargs == {"items": [{"event": 0}]}


def test_what_came_while_one_was_at_work_is_one_batch() -> None:
    hands = Hands()
    hands.bring(8)

    hands.taken[0].settle()

    assert hands.sizes() == [1, 7]
    assert [part.settled for part in hands.parts] == [1, 0, 0, 0, 0, 0, 0, 0]


def test_a_batch_has_a_limit_and_the_rest_follows() -> None:
    hands = Hands()
    hands.bring(MOST + 11)

    while (at_work := hands.taken[-1]) and not at_work.parts[-1].settled:
        at_work.settle()

    assert hands.sizes() == [1, MOST, 10]
    assert all(part.settled == 1 for part in hands.parts)


def test_a_batch_that_failed_by_a_fault_of_one_is_tried_one_by_one() -> None:
    hands = Hands()
    hands.bring(4)
    hands.taken[0].settle()
    batch = hands.taken[1]

    PunctualRetries().after_process_message(None, batch, exception=ValueError("one of these"))
    batch.settle()

    assert hands.taken[2:] == hands.parts[1:]
    assert [part.settled for part in hands.parts[1:]] == [0, 0, 0]


def test_a_batch_that_cannot_be_settled_stops_no_other() -> None:
    hands = Hands()
    hands.bring(3)
    hands.parts[0].settle = lambda: 1 / 0  # type: ignore[assignment, return-value]

    with pytest.raises(ZeroDivisionError):
        hands.taken[0].settle()

    assert hands.sizes() == [1, 2]


def test_with_a_key_only_what_has_the_same_is_one_batch_and_no_key_waits_for_another() -> None:
    taken: list[Any] = []
    gathering = Gathering("task.create+", taken.append, by="project", most=2)
    for project in "AABABAA":
        part = FakePart(0)
        part.kwargs = {"project": project}
        gathering.bring(part)

    assert [batch.kwargs["items"] for batch in taken] == [[{"project": "A"}], [{"project": "B"}]]
    while not taken[-1].parts[-1].settled:
        for batch in [batch for batch in taken if not batch.parts[-1].settled]:
            batch.settle()

    assert sorted("".join(item["project"] for item in batch.kwargs["items"]) for batch in taken) == [
        "A", "AA", "AA", "B", "B",
    ]  # fmt: skip
    assert gathering._waiting == {}


def test_a_message_whose_key_makes_no_sense_comes_to_its_actor_all_the_same() -> None:
    taken: list[Any] = []
    gathering = Gathering("task.create+", taken.append, by="project")
    part = FakePart(0)
    part.kwargs = {"project": ["not", {"a": "key"}]}

    gathering.bring(part)

    assert [batch.parts for batch in taken] == [[part]]


def test_everything_is_settled_exactly_once_under_load() -> None:
    done = threading.Semaphore(0)
    with ThreadPoolExecutor(8) as threads:

        def work(batch: Gathered) -> None:
            batch.settle()
            for _ in batch.parts:
                done.release()

        gathering = Gathering("notification.together", lambda batch: threads.submit(work, batch))
        parts = [FakePart(number) for number in range(3_000)]
        for part in parts:
            gathering.bring(part)
        for _ in parts:
            assert done.acquire(timeout=20)

    assert {part.settled for part in parts} == {1}
