"""One system for all faults, and their tallies at the end of the run."""

from collections.abc import Iterator

import pytest

from tests.faults.audit import TALLIES
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each test has counted, also where all is well."""
    if TALLIES:
        terminalreporter.section("accepted and applied under faults")
        for line in TALLIES:
            terminalreporter.line(line)
