"""Metrics have a port of their own, where one is set."""

import pytest
from prometheus_client import CollectorRegistry, Counter

from punctual.commands.local.ports import is_free
from punctual.kit.metrics.exposition import expose
from punctual.kit.settings import SettingsError, load
from tests.support.scrape import sample, scraped


def a_port() -> str:
    return str(next(port for port in range(29000, 31000) if is_free("127.0.0.1", port)))


def test_without_a_port_nothing_listens() -> None:
    assert expose(load({})) is None
    assert expose(load({"PUNCTUAL_METRICS_PORT": "0"})) is None


def test_a_scrape_gets_what_was_counted() -> None:
    registry, port = CollectorRegistry(), a_port()
    Counter("seen", "Seen.", ["by"], registry=registry).labels("us").inc(3)
    server = expose(load({"PUNCTUAL_METRICS_PORT": port}), registry)
    assert server

    try:
        assert sample(scraped(f"http://127.0.0.1:{port}/metrics"), "seen_total", by="us") == 3
    finally:
        server.shutdown()
        server.server_close()


def test_a_taken_port_is_named_with_the_way_out() -> None:
    port = a_port()
    server = expose(load({"PUNCTUAL_METRICS_PORT": port}), CollectorRegistry())
    assert server

    try:
        with pytest.raises(SettingsError, match=f"PUNCTUAL_METRICS_PORT.*{port}.*unset it"):
            expose(load({"PUNCTUAL_METRICS_PORT": port}), CollectorRegistry())
    finally:
        server.shutdown()
        server.server_close()
