"""One system for what needs none of its own: it traces."""

from collections.abc import Iterator

import pytest

from tests.flows.stack import Stack, fresh_stack
from tests.support.otlp import Collector, collecting


@pytest.fixture(scope="package")
def collector() -> Iterator[Collector]:
    with collecting() as started:
        yield started


@pytest.fixture(scope="package")
def stack(collector: Collector) -> Iterator[Stack]:
    settings = {
        "PUNCTUAL_TRACES": collector.url,
        "PUNCTUAL_RATE_LIMIT": "off",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    with fresh_stack("flows", **settings) as started:
        yield started
