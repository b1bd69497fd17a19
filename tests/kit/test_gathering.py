"""What waits at the same time is done together, and no item pays for another's fault."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from punctual.kit.gathering import MOST, Gathering

THREADS = 12


class Work:
    """Notes each batch; the first one lasts until it is released."""

    def __init__(self, bad: Callable[[int], bool] = lambda _: False) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Event()
        self.release = threading.Event()
        self._bad = bad

    def __call__(self, items: Sequence[int]) -> None:
        self.batches.append(list(items))
        self.begun.set()
        self.release.wait(5)
        if any(map(self._bad, items)):
            raise ValueError(items)


def bring_all(work: Work, items: Sequence[int], *, alone: bool = True) -> list[Future[None]]:
    """Bring the first, and while it is worked on all the others."""
    gathering: Gathering[int] = Gathering(work, lambda _: alone)
    with ThreadPoolExecutor(THREADS) as threads:
        futures = [threads.submit(gathering.bring, items[0])]
        work.begun.wait(5)
        futures += [threads.submit(gathering.bring, item) for item in items[1:]]
        while len(gathering._waiting) < min(len(items), THREADS) - 1:
            threading.Event().wait(0.001)
        work.release.set()
    return futures


def test_what_came_while_one_worked_is_done_in_one_batch() -> None:
    work = Work()

    for future in bring_all(work, range(8)):
        future.result()

    assert work.batches[0] == [0]
    assert sorted(work.batches[1]) == list(range(1, 8))


def test_everything_is_done_exactly_once_under_load() -> None:
    work = Work()
    work.release.set()
    gathering: Gathering[int] = Gathering(work, lambda _: True)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(gathering.bring, range(2_000)))

    assert sorted(item for batch in work.batches for item in batch) == list(range(2_000))
    assert max(map(len, work.batches)) <= MOST


def test_a_bad_item_fails_alone_and_the_others_are_done() -> None:
    work = Work(bad=lambda item: item == 3)

    futures = bring_all(work, range(6))

    assert [item for item, future in enumerate(futures) if future.exception()] == [3]
    with pytest.raises(ValueError, match="3"):
        futures[3].result()


def test_a_fault_that_would_hit_each_is_not_tried_for_each() -> None:
    work = Work(bad=lambda item: item > 0)

    futures = bring_all(work, range(6), alone=False)

    assert [bool(future.exception()) for future in futures] == [False, True, True, True, True, True]
    assert len(work.batches) == 2
