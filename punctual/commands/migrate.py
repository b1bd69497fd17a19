"""`punctual migrate`: databases first, then the exchange, the queues and their bindings. Safe to repeat."""

import argparse
import contextlib
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pika.exceptions
import psycopg2
import yoyo

from punctual.commands.provision import provision
from punctual.commands.work import import_actors
from punctual.kit import logs, settings
from punctual.kit.broker import broker, declare_topology
from punctual.kit.listeners import BINDINGS

log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which services' databases."""
    names = f"only these databases, of {', '.join(settings.SERVICES)} (default: all)"
    parser.add_argument("services", nargs="*", metavar="service", help=names)
    create = "first make databases and roles that are missing, as PUNCTUAL_DATABASE_ADMIN_URL, and set their passwords"
    parser.add_argument("--create", action="store_true", help=create)


def run(arguments: argparse.Namespace) -> int:
    """Apply what is missing; 1 with a message when a server can't be reached."""
    logs.configure("migrate", settings.current().log_level)
    if unknown := [name for name in arguments.services if name not in settings.SERVICES]:
        print(f"There is no service {unknown[0]}; there are {', '.join(settings.SERVICES)}.", file=sys.stderr)
        return 2
    try:
        if arguments.create:
            create(arguments.services)
        migrate_all(arguments.services)
    except pika.exceptions.AMQPError as error:
        print(f"RabbitMQ can't be reached or refuses ({error!r}); check PUNCTUAL_AMQP_URL.", file=sys.stderr)
        return 1
    except psycopg2.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        print(f"PostgreSQL can't be reached or refuses ({said}); check PUNCTUAL_DATABASE_*_URL_*.", file=sys.stderr)
        return 1
    return 0


def create(services: Sequence[str] = ()) -> None:
    """Databases and roles, as the URLs name them. Raises SettingsError."""
    known = settings.current()
    if known.admin_database_url is None:
        raise settings.SettingsError("PUNCTUAL_DATABASE_ADMIN_URL is missing: the URL of a superuser of PostgreSQL.")
    provision(known.admin_database_url, [known.databases[service] for service in services or settings.SERVICES])


def migrate_all(services: Sequence[str] = ()) -> None:
    """Databases, exchange, queues and bindings."""
    for service in services or settings.SERVICES:
        log.info("%s: %d migration(s) applied", service, migrate(service))
    import_actors()
    declare_topology(broker, BINDINGS, sorted(broker.get_declared_queues()))
    log.info("broker: %d queues stand", len(broker.get_declared_queues()))


def migrate(service: str) -> int:
    """Bring one database up to date; how many migrations were applied."""
    url = settings.current().databases[service].owner
    backend = yoyo.get_backend(url)
    migrations = yoyo.read_migrations(str(MIGRATIONS / "common"), str(MIGRATIONS / service))
    with _alone(url):
        wanted = backend.to_apply(migrations)
        backend.apply_migrations(wanted)
    return len(wanted)


@contextlib.contextmanager
def _alone(url: str) -> Iterator[None]:
    """Wait until nobody else migrates this database.

    yoyo's own lock is a row, which a killed process leaves behind for ever; this one ends with its connection.
    """
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('punctual migrate'))")
        yield
