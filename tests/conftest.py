"""Real servers for whatever touches one: PostgreSQL and RabbitMQ start with the first test that needs them."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from punctual.commands.memory import settle_down
from tests.support.services import Services, worker

pytest_plugins = ("tests.support.figures", "tests.support.shares")

# A busy machine is no fault of what is tested.
hypothesis_settings.register_profile("tests", deadline=None)
hypothesis_settings.load_profile("tests")


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay alive: the collector would take a quarter of the time to walk them again."""
    settle_down()


@pytest.fixture(scope="session")
def environment() -> Iterator[dict[str, str]]:
    """The settings of the private servers, migrated; or of those that the environment names already."""
    from punctual.commands.migrate import migrate_all
    from punctual.kit import settings

    with _servers() as variables:
        os.environ.update(variables)
        settings.current.cache_clear()
        migrate_all()
        yield variables


def _servers() -> AbstractContextManager[dict[str, str]]:
    if "PUNCTUAL_AMQP_URL" in os.environ:
        return nullcontext(dict(os.environ))
    from punctual.commands.local import private_servers

    return private_servers(own_folder())


def own_folder() -> Path:
    """Where the servers are: each process of the run has its own."""
    process = os.environ.get("PYTEST_XDIST_WORKER")
    return Path(f".local/test-{process}" if process else ".local/test").resolve()


@pytest.fixture(scope="session")
def running_worker(environment: dict[str, str]) -> Iterator[None]:
    """Every actor of every service, in threads of this process."""
    with worker():
        yield


@pytest.fixture
async def services(running_worker: None) -> AsyncIterator[Services]:
    """The services' applications on real sockets, with a token issuer of the tests' own."""
    async with Services() as started:
        yield started
