"""Several nodes of RabbitMQ: while one is away the others are used, by whoever publishes and whoever works."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pika
import pytest

from punctual.kit import settings
from punctual.kit.broker import PunctualBroker
from punctual.kit.bus import Bus
from punctual.kit.errors import Unavailable
from punctual.kit.inspection import Inspection
from tests.support.proxy import Proxy, proxied
from tests.support.services import eventually


@pytest.fixture
def nodes(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Proxy]]:
    """This process knows two ways to RabbitMQ."""
    url = urlsplit(environment["PUNCTUAL_AMQP_URL"])
    assert url.hostname
    assert url.port
    with proxied(url.hostname, url.port) as one, proxied(url.hostname, url.port) as other:
        both = [environment["PUNCTUAL_AMQP_URL"].replace(f":{url.port}", f":{proxy.port}") for proxy in (one, other)]
        monkeypatch.setenv("PUNCTUAL_AMQP_URL", ",".join(both))
        settings.current.cache_clear()
        yield [one, other]
    monkeypatch.undo()
    settings.current.cache_clear()


def away(proxy: Proxy) -> None:
    """A node is no longer there."""
    proxy.refuse = True
    proxy.cut()


@pytest.mark.parametrize("gone", [0, 1])
async def test_a_bus_opens_although_one_node_is_away(nodes: list[Proxy], gone: int) -> None:
    away(nodes[gone])
    buses = [Bus() for _ in range(6)]

    for bus in buses:
        await bus.connect()

    assert all(bus.connected for bus in buses)
    for bus in buses:
        await bus.close()


async def test_a_bus_goes_over_to_the_node_that_is_left(nodes: list[Proxy]) -> None:
    bus = Bus()
    await bus.connect()
    used, other = sorted(nodes, key=lambda proxy: -proxy.connections)
    assert (used.connections, other.connections) == (1, 0)

    away(used)

    async def published() -> bool:
        try:
            await bus.publish("task", b"{}")
        except Unavailable:
            return False
        return bool(other.connections)

    await eventually(published)
    await bus.close()


@pytest.mark.parametrize("gone", [0, 1])
def test_a_worker_and_who_looks_around_find_the_node_that_is_left(nodes: list[Proxy], gone: int) -> None:
    away(nodes[gone])

    connection = pika.BlockingConnection(PunctualBroker().parameters)
    with Inspection() as inspection:
        version = inspection.version

    assert connection.is_open
    assert version.startswith("RabbitMQ")
    connection.close()
