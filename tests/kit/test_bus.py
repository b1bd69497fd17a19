"""The bus while its connection breaks: refused or confirmed, never anything else, and nothing is left behind."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from aio_pika.abc import AbstractIncomingMessage

from punctual.kit import bus as bus_module, ids, settings
from punctual.kit.bus import Bus
from punctual.kit.errors import Unavailable
from tests.support.proxy import Proxy, proxied
from tests.support.services import eventually


@pytest.fixture
def proxy(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """This process reaches RabbitMQ through this."""
    url = urlsplit(environment["PUNCTUAL_AMQP_URL"])
    assert url.hostname
    assert url.port
    with proxied(url.hostname, url.port) as started:
        there = environment["PUNCTUAL_AMQP_URL"].replace(f":{url.port}", f":{started.port}")
        monkeypatch.setenv("PUNCTUAL_AMQP_URL", there)
        settings.current.cache_clear()
        yield started
    monkeypatch.undo()
    settings.current.cache_clear()


class Ear:
    """An exclusive queue, and what came into it."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.heard: Counter[str] = Counter()
        self.queue = ""

    async def listen(self) -> None:
        self.queue = await self.bus.listen(self.hear)

    async def hear(self, message: AbstractIncomingMessage) -> None:
        self.heard[message.body.decode()] += 1

    async def say(self, text: str) -> bool:
        """Whether it was confirmed."""
        try:
            await self.bus.publish(self.queue, text.encode())
        except Unavailable:
            return False
        return True


async def test_what_was_confirmed_arrives_and_what_was_not_is_refused_however_often_it_is_cut(proxy: Proxy) -> None:
    bus = Bus()
    ear = Ear(bus)
    await ear.listen()
    outcomes: Counter[bool] = Counter()
    tasks: list[int] = []

    for number in range(8):
        saying = [asyncio.create_task(ear.say(ids.uuid7().hex)) for _ in range(20)]
        await asyncio.sleep(0.002 * (number % 4))
        proxy.cut(reset=number % 2 == 0)
        outcomes.update(await asyncio.gather(*saying))
        await eventually(lambda: ear.say("again"))
        tasks.append(len(asyncio.all_tasks()))
    await bus.close()

    assert outcomes.total() == 160
    assert ear.heard["again"] >= 1
    assert tasks[-1] <= tasks[1] + 3


async def test_replies_come_through_the_same_queue_after_a_reconnection(proxy: Proxy) -> None:
    bus = Bus()
    ear = Ear(bus)
    await ear.listen()

    proxy.cut()
    await asyncio.sleep(0.1)
    await eventually(lambda: ear.say("after"))

    async def heard() -> bool:
        return ear.heard["after"] > 0

    await eventually(heard)
    await bus.close()


async def test_while_it_reconnects_nobody_begins_to_listen_or_is_told_of_queues(proxy: Proxy) -> None:
    bus = Bus()
    ear = Ear(bus)
    await ear.listen()

    async def tried_in_vain() -> bool:
        return bus._connection is not None and bus._connection.transport is None

    proxy.refuse = True
    proxy.cut()
    await eventually(tried_in_vain)

    with pytest.raises(Unavailable):
        await bus.listen(ear.hear)
    with pytest.raises(Unavailable):
        await bus.depth("task")
    proxy.refuse = False
    await eventually(lambda: ear.say("again"))
    await bus.close()


async def test_a_broker_that_says_nothing_is_given_up_in_time(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus_module, "CONFIRM_SECONDS", 0.5)
    bus = Bus()
    ear = Ear(bus)
    await ear.listen()
    proxy.mute = True

    began = asyncio.get_running_loop().time()
    said = await ear.say("into the void")
    with pytest.raises(Unavailable):
        await bus.listen(ear.hear)
    seconds = asyncio.get_running_loop().time() - began
    proxy.mute = False
    await eventually(lambda: ear.say("again"))
    await bus.close()

    assert not said
    assert seconds < 3
