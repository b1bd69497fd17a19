"""One system for all faults."""

from collections.abc import Iterator

import pytest

from tests.support.cluster import Cluster, fresh_cluster

IDLE = ("worker-3", "scheduler-2", "scheduler-3")


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    """Two workers, one of everything else, on empty data; a test may start the idle ones, too."""
    settings = {"PUNCTUAL_WORKERS": "3", "PUNCTUAL_SCHEDULERS": "3", "PUNCTUAL_RATE_LIMIT": "off"}
    with fresh_cluster("faults", idle=IDLE, **settings) as started:
        yield started


@pytest.fixture
def crowded(cluster: Cluster) -> Iterator[Cluster]:
    """Three schedulers and three workers."""
    cluster.revive(*IDLE)
    yield cluster
    cluster.kill(*IDLE)
