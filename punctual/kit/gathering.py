"""What worker threads bring at the same time, done together: one of them works for all that wait.

Under load many small transactions become few large ones; without load nothing waits for company.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 50


@dataclass(eq=False, slots=True)
class _Place(Generic[T]):
    item: T
    called: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    error: Exception | None = None


class Gathering(Generic[T]):
    """Hands items to `work`, as many at once as wait. `alone` says of an error that it would hit each item as well."""

    def __init__(self, work: Callable[[Sequence[T]], None], alone: Callable[[Exception], bool]) -> None:
        self._work = work
        self._alone = alone
        self._lock = threading.Lock()
        self._waiting: list[_Place[T]] = []
        self._busy = False

    def bring(self, item: T) -> None:
        """Return when this item is done. Raises what `work` raises for it."""
        place = _Place(item)
        with self._lock:
            self._waiting.append(place)
            place.leads, self._busy = not self._busy, True
        if not place.leads:
            place.called.wait()
        if place.leads:
            self._lead(place)
        if place.error:
            raise place.error

    def _lead(self, leader: _Place[T]) -> None:
        with self._lock:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            self._do(batch)
        finally:
            for place in batch:
                if place is not leader:
                    place.called.set()
            with self._lock:
                self._busy = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].called.set()

    def _do(self, batch: Sequence[_Place[T]]) -> None:
        try:
            self._work([place.item for place in batch])
        except Exception as error:  # noqa: BLE001 - each thread raises its own
            if len(batch) == 1 or not self._alone(error):
                for place in batch:
                    place.error = error
                return
            # One item's fault is not the others': each gets its own verdict.
            for place in batch:
                self._do([place])
