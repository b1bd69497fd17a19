"""The private servers on their own, for tests and tools."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from punctual.commands.local import databases, install
from punctual.commands.local.directory import Directory, InUse
from punctual.commands.local.errors import LocalError
from punctual.commands.local.postgres import PostgreSQL
from punctual.commands.local.rabbitmq import RabbitMQ
from punctual.kit.settings import SERVICES


@contextlib.contextmanager
def private_servers(directory: Path, *, postgres: bool = True, rabbitmq: bool = True) -> Iterator[dict[str, str]]:
    """PostgreSQL with all databases and roles, and RabbitMQ, as the variables that point at them.

    What another process already runs in this folder is used and left running; what is started here is
    stopped at the end. Call it from the main thread. Raises LocalError.
    """
    place = Directory.open(directory)
    database_server = PostgreSQL(place) if postgres else None
    broker = RabbitMQ(place) if rabbitmq else None
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(place.lock())
        except InUse:
            _expect_running(database_server, broker)
        else:
            stack.callback(_stop, database_server, broker)
            _start(place, database_server, broker)
        yield _variables(database_server, broker)


def _start(place: Directory, postgres: PostgreSQL | None, rabbitmq: RabbitMQ | None) -> None:
    install.ensure(place.log("install"), postgresql=bool(postgres), rabbitmq=bool(rabbitmq))
    if rabbitmq and not rabbitmq.running():
        rabbitmq.launch()
    if postgres:
        postgres.start()
        databases.create(postgres)
    if rabbitmq:
        rabbitmq.start()


def _stop(postgres: PostgreSQL | None, rabbitmq: RabbitMQ | None) -> None:
    if rabbitmq:
        rabbitmq.stop()
    if postgres:
        postgres.stop()


def _expect_running(*servers: PostgreSQL | RabbitMQ | None) -> None:
    for server in servers:
        if server and not (server.running() and server.answers()):
            raise LocalError(
                f"Another process uses {server.directory.root}, but {server.name} doesn't run there. "
                "Wait until it has, or use another directory."
            )


def _variables(postgres: PostgreSQL | None, rabbitmq: RabbitMQ | None) -> dict[str, str]:
    variables: dict[str, str] = {}
    if postgres:
        for service in SERVICES:
            variables |= databases.urls(postgres, service)
    if rabbitmq:
        variables["PUNCTUAL_AMQP_URL"] = rabbitmq.url
    return variables
