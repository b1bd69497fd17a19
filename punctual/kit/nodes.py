"""RabbitMQ's nodes as one connection from an event loop: each attempt goes to the next of them."""

import itertools
import random
from collections.abc import Sequence

import aio_pika
from aio_pika.connection import make_url
from yarl import URL

from punctual.kit.bus_faults import is_fault, tolerant


class Nodes(aio_pika.RobustConnection):
    """A connection to one of these nodes at a time, reconnecting by itself."""

    def __init__(self, urls: Sequence[str]) -> None:
        nodes = [make_url(url, heartbeat=15, reconnect_interval=1) for url in urls]
        self._next = itertools.cycle(nodes)
        super().__init__(nodes[0], heartbeat=15, reconnect_interval=1)

    @property
    def url(self) -> URL:
        """Where the next attempt goes: aio-pika reads it once for each."""
        return next(self._next)

    @url.setter
    def url(self, _value: URL) -> None:
        """The nodes are known already."""

    def __str__(self) -> str:
        return "RabbitMQ"


async def connected(urls: Sequence[str], seconds: float) -> Nodes:
    """A connection to the first node, in any order, that takes one. Raises what the last one raises."""
    order = random.sample(urls, len(urls))
    for last in reversed(range(len(order))):
        connection = Nodes(order)
        try:
            await connection.connect(timeout=seconds)
        except BaseException as error:
            # Given up half-way (a timeout, the end of the process) it would go on connecting for ever.
            with tolerant():
                await connection.close()
            if not last or not is_fault(error):
                raise
            order.append(order.pop(0))
        else:
            return connection
    raise ConnectionError("There is no node of RabbitMQ to connect to.")
