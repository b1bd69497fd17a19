"""One system for all faults, and their tallies at the end of the run."""

from collections.abc import Iterator

import pytest

from tests.faults.audit import TALLIES
from tests.support.cluster import Cluster, fresh_cluster


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    """Two workers, one of everything else, on empty data."""
    with fresh_cluster("faults", PUNCTUAL_WORKERS="2", PUNCTUAL_RATE_LIMIT="off") as started:
        yield started


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each test has counted, also where all is well."""
    if TALLIES:
        terminalreporter.section("accepted and applied under faults")
        for line in TALLIES:
            terminalreporter.line(line)
