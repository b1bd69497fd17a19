"""The state of the whole, asked of real servers when somebody scrapes."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from punctual.commands.state import State
from punctual.commands.work import import_actors
from punctual.kit import ids, settings
from punctual.kit.settings import SERVICES, Settings, load
from tests.support.scrape import counted
from tests.support.team import execute, now

Looked = Callable[[Settings], CollectorRegistry]
pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def known(environment: dict[str, str]) -> Settings:
    import_actors()
    return settings.current()


@pytest.fixture
def outbox(environment: dict[str, str]) -> Iterator[None]:
    """A message that was committed 90 s ago, in a database whose outbox nobody sweeps meanwhile."""
    message_id = ids.uuid7()
    execute(
        "user",
        "INSERT INTO outbox (id, exchange, routing_key, body, created_at) VALUES (%s, '', 'nowhere', '', %s)",
        (message_id, now() - timedelta(seconds=90)),
    )
    yield
    execute("user", "DELETE FROM outbox WHERE id = %s", (message_id,))


@pytest.fixture
def looked() -> Iterator[Callable[[Settings], CollectorRegistry]]:
    """A registry over the state as these settings reach it."""
    states = []

    def look(known: Settings) -> CollectorRegistry:
        registry = CollectorRegistry()
        states.append(State(known))
        registry.register(states[-1])
        return registry

    yield look
    for state in states:
        state.close()


def test_what_waits_in_an_outbox_is_told_with_its_age(known: Settings, outbox: None, looked: Looked) -> None:
    registry = looked(known)

    assert counted("punctual_outbox_messages", registry, service="user") == 1
    assert 90 <= counted("punctual_outbox_lag_seconds", registry, service="user") < 120


def test_every_database_and_the_broker_are_up(known: Settings, looked: Looked) -> None:
    registry = looked(known)

    assert [counted("punctual_database_up", registry, service=service) for service in SERVICES] == [1] * 5
    assert counted("punctual_broker_up", registry) == 1


def test_dead_letters_are_told_by_service(known: Settings, looked: Looked) -> None:
    letter_id = ids.uuid7()
    before = counted("punctual_dead_letters", looked(known), service="user")
    execute(
        "user",
        "INSERT INTO dead_letter (id, queue, actor, message, body, error, attempts, died_at)"
        " VALUES (%s, 'user', 'user.x', '{}', '', 'error', 1, now())",
        (letter_id,),
    )

    after = counted("punctual_dead_letters", looked(known), service="user")
    execute("user", "DELETE FROM dead_letter WHERE id = %s", (letter_id,))

    assert after == before + 1


def test_a_queue_that_is_read_has_no_old_messages(known: Settings, running_worker: None, looked: Looked) -> None:
    registry = looked(known)

    assert registry.get_sample_value("punctual_queue_consumers", {"queue": "task.events"}) == 1
    assert counted("punctual_queue_oldest_message_seconds", registry, queue="task.events") < 2


def test_what_is_away_is_told_to_be_down_and_the_rest_goes_on(
    known: Settings, environment: dict[str, str], looked: Looked
) -> None:
    away = load({**environment, "PUNCTUAL_DATABASE_READER_URL_TASK": "postgresql://x:y@127.0.0.1:1/task_db"})

    registry = looked(away)

    assert registry.get_sample_value("punctual_database_up", {"service": "task"}) == 0
    assert registry.get_sample_value("punctual_outbox_messages", {"service": "task"}) is None
    assert registry.get_sample_value("punctual_outbox_messages", {"service": "user"}) is not None


def test_however_many_ask_the_servers_are_asked_once_in_a_while(known: Settings, outbox: None, looked: Looked) -> None:
    registry = looked(known)
    before = counted("punctual_outbox_messages", registry, service="user")
    execute("user", "DELETE FROM outbox WHERE routing_key = 'nowhere'")

    assert counted("punctual_outbox_messages", registry, service="user") == before
