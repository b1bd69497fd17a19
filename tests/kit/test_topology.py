"""Declaring the topology while RabbitMQ comes and goes: it is done, or it is said that it isn't."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pika
import pytest
from dramatiq.errors import ConnectionClosed

from punctual.kit.broker import PunctualBroker
from punctual.kit.topology import declare_topology
from tests.support.proxy import Proxy, proxied

QUEUES = [f"topology-{number}" for number in range(8)]
BINDINGS = {"topology-listener": ["topology.happened", "topology.ended"]}


class Apart(PunctualBroker):
    """A broker with addresses of its own."""

    def __init__(self, *urls: str) -> None:
        self._urls = urls
        super().__init__()

    @property
    def parameters(self) -> list[pika.URLParameters]:
        return [pika.URLParameters(url) for url in self._urls]

    @parameters.setter
    def parameters(self, _value: Any) -> None: ...


@pytest.fixture
def proxy(environment: dict[str, str]) -> Iterator[Proxy]:
    url = urlsplit(environment["PUNCTUAL_AMQP_URL"])
    assert url.hostname
    assert url.port
    with proxied(url.hostname, url.port) as proxy:
        yield proxy


@pytest.fixture
def through(environment: dict[str, str], proxy: Proxy) -> Iterator[Apart]:
    url = environment["PUNCTUAL_AMQP_URL"]
    broker = Apart(url.replace(f":{urlsplit(url).port}", f":{proxy.port}"))
    yield broker
    proxy.first_bytes = []
    del broker.connection
    for queue in [*QUEUES, *BINDINGS]:
        for name in broker.declarations(queue):
            broker.channel.queue_delete(name)
    broker.close()


def test_a_server_that_goes_at_any_point_is_said_to_be_gone(proxy: Proxy, through: Apart) -> None:
    gone = []
    for limit in range(0, 4500, 75):
        # It is tried twice; both tries get so far and no further.
        proxy.first_bytes = [limit] * 2
        gone.append(_gone(through))
        through.queues_pending.update(QUEUES)

    assert gone[0]
    assert not gone[-1]


def test_a_server_that_comes_back_at_once_is_declared_to(proxy: Proxy, through: Apart) -> None:
    proxy.first_bytes = [1200]

    declare_topology(through, BINDINGS, QUEUES)

    assert proxy.cuts == 1
    assert through.channel.queue_declare(QUEUES[-1], passive=True).method.message_count == 0


def test_a_server_that_refuses_a_queue_is_quoted(through: Apart) -> None:
    through.channel.queue_declare(QUEUES[0], durable=True)

    with pytest.raises(ConnectionClosed, match="PRECONDITION_FAILED"):
        declare_topology(through, BINDINGS, QUEUES)


def test_what_pika_calls_a_wrong_value_is_a_connection_that_failed() -> None:
    with pytest.raises(ConnectionClosed):
        declare_topology(Apart(), BINDINGS, QUEUES)


def _gone(broker: PunctualBroker) -> bool:
    try:
        declare_topology(broker, BINDINGS, QUEUES)
    except ConnectionClosed:
        return True
    finally:
        del broker.connection
    return False
