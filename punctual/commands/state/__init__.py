"""The state of the whole, looked up when Prometheus asks: queues, outboxes, reminders, deliveries, dead letters.

Told by whoever sends the ticks, so that it is told once; where several do, all of them tell the same.
"""

import logging
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, wait

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from punctual.commands.state import databases
from punctual.commands.state.families import FAMILIES, Sample, families
from punctual.commands.state.queues import Queues
from punctual.kit.settings import SERVICES, Settings

log = logging.getLogger(__name__)
FRESH_SECONDS = 5.0
# Prometheus itself gives up after 10 seconds.
SECONDS = 6.0


def tell(known: Settings, registry: CollectorRegistry = REGISTRY) -> None:
    """Have this process tell the state of the whole, if it is asked for metrics at all."""
    if known.metrics_port is not None:
        registry.register(State(known))


class State(Collector):
    """Asks databases and broker at the same time; what doesn't answer in time is told to be down."""

    def __init__(self, known: Settings) -> None:
        self._known = known
        self._queues = Queues()
        self._asking: dict[str, Future[list[Sample]]] = {}
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._found: list[Metric] = []

    def describe(self) -> Iterable[Metric]:
        """The families, without looking."""
        return families([])

    def collect(self) -> Iterable[Metric]:
        """What is so now, or was a few seconds ago, however many ask."""
        with self._lock:
            if time.monotonic() - self._looked_at > FRESH_SECONDS:
                self._found = families(self._look())
                self._looked_at = time.monotonic()
            return self._found

    def close(self) -> None:
        """Look no more."""
        wait(self._asking.values(), SECONDS)
        self._queues.close()

    def _look(self) -> list[Sample]:
        # One that still waits for an answer isn't asked a second time meanwhile.
        for name in (*SERVICES, "broker"):
            if name not in self._asking:
                asking: Future[list[Sample]] = Future()
                self._asking[name] = asking
                # Daemons: a server that never answers must not keep this process from its end.
                threading.Thread(target=self._ask, args=(name, asking), name=f"state-{name}", daemon=True).start()
        wait(self._asking.values(), SECONDS)
        samples = []
        for name, asking in list(self._asking.items()):
            if asking.done():
                samples += asking.result()
                del self._asking[name]
            else:
                samples.append(_down(name))
        return samples

    def _ask(self, name: str, asking: Future[list[Sample]]) -> None:
        try:
            found = self._queues.look() if name == "broker" else databases.look(self._known, name)
        except Exception:
            log.exception("The state of %s can't be told", name)
            found = None
        asking.set_result([_down(name)] if found is None else found)


def _down(name: str) -> Sample:
    return Sample("punctual_broker_up", (), 0) if name == "broker" else Sample("punctual_database_up", (name,), 0)


__all__ = ["FAMILIES", "State", "tell"]
