"""What followers know of the time before they came."""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

import pytest

from punctual.kit import feeds, wire
from punctual.kit.feeds import Followers

if TYPE_CHECKING:
    from punctual.kit.bus import Bus


class Line:
    """A bus by hand: it has a listener and loses its connection when told to."""

    async def connect(self) -> None:
        pass

    async def listen(self, hear: Any, events: tuple[str, ...]) -> None:
        self.hear = hear

    def on_reconnect(self, call: Any) -> None:
        self.reconnect = call

    async def tell(self, topic: UUID) -> None:
        """An event about the topic comes."""

        class Message:
            body = wire.dumps({"topic": str(topic)})

        await self.hear(Message())


class Clock:
    """Seconds that pass when told to."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    hands = Clock()
    monkeypatch.setattr(feeds, "time", hands)
    return hands


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def followers(line: Line) -> Followers:
    return Followers(cast("Bus", line), ["changed"], lambda event: [UUID(event["topic"])])


async def test_before_it_listens_anything_may_have_passed(followers: Followers, clock: Clock) -> None:
    assert followers.may_have_passed(uuid4(), 0)

    await followers.listen()
    clock.now += 5

    assert followers.may_have_passed(uuid4(), 6)
    assert not followers.may_have_passed(uuid4(), 4)


async def test_what_was_heard_within_the_time_has_passed(followers: Followers, line: Line, clock: Clock) -> None:
    topic = uuid4()
    await followers.listen()
    clock.now += 100
    await line.tell(topic)
    clock.now += 5

    assert followers.may_have_passed(topic, 6)
    assert not followers.may_have_passed(topic, 4)
    assert not followers.may_have_passed(uuid4(), 6)


async def test_a_connection_that_was_gone_may_have_lost_something(
    followers: Followers, line: Line, clock: Clock
) -> None:
    await followers.listen()
    clock.now += 100
    line.reconnect()
    clock.now += 5

    assert followers.may_have_passed(uuid4(), 6)
    assert not followers.may_have_passed(uuid4(), 4)


async def test_what_is_forgotten_may_have_passed(
    followers: Followers, line: Line, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_REMEMBERED", 2)
    topics = [uuid4() for _ in range(3)]
    await followers.listen()
    clock.now += 100
    for topic in topics:
        await line.tell(topic)
        clock.now += 10

    # The first, 30 seconds ago, is forgotten: so long ago it may have been about anything.
    assert followers.may_have_passed(topics[0], 30)
    assert followers.may_have_passed(uuid4(), 30)
    assert not followers.may_have_passed(topics[0], 29)
    assert followers.may_have_passed(topics[1], 20)
