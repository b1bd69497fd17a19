"""`punctual migrate`: databases first, then the exchange, the queues and their bindings. Safe to repeat."""

import argparse
import contextlib
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg2
import psycopg2.errors
import yoyo
from dramatiq.errors import ConnectionClosed

from punctual.commands.connections import rows
from punctual.commands.migrations import folders, standing
from punctual.commands.provision import provision
from punctual.commands.work import import_actors
from punctual.kit import logs, settings
from punctual.kit.broker import broker
from punctual.kit.listeners import BINDINGS
from punctual.kit.topology import declare_topology

log = logging.getLogger(__name__)
NEWER = 3
# Everybody who wants the table waits behind a migration that waits for it.
LOCK_TIMEOUT = "3s"
TRIES = 20
PAUSE_SECONDS = 3.0
# Left behind where CREATE INDEX CONCURRENTLY was broken off; IF NOT EXISTS takes them for whole.
BROKEN_INDEXES = (
    "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    " AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index WHERE index_relid = indexrelid)"
)


class Newer(Exception):
    """A database is newer than this program; the text says which, and the way out."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which services' databases."""
    names = f"only these databases, of {', '.join(settings.SERVICES)} (default: all)"
    parser.add_argument("services", nargs="*", metavar="service", help=names)
    create = "first make databases and roles that are missing, as PUNCTUAL_DATABASE_ADMIN_URL, and set their passwords"
    parser.add_argument("--create", action="store_true", help=create)


def run(arguments: argparse.Namespace) -> int:
    """Apply what is missing. 1 when a server can't be reached or a table isn't let go, 3 when a database is newer."""
    logs.configure("migrate", settings.current().log_level)
    if unknown := [name for name in arguments.services if name not in settings.SERVICES]:
        return _complain(f"There is no service {unknown[0]}; there are {', '.join(settings.SERVICES)}.", 2)
    try:
        if arguments.create:
            create(arguments.services)
        migrate_all(arguments.services)
    except Newer as error:
        return _complain(str(error), NEWER)
    except ConnectionClosed as error:
        return _complain(f"RabbitMQ can't be reached or refuses ({error}); check PUNCTUAL_AMQP_URL.", 1)
    except psycopg2.errors.LockNotAvailable as error:
        held = "A table that a migration changes wasn't let go in time, and the migration was undone"
        return _complain(f"{held} ({_said(error)}). Run punctual migrate again when less is going on.", 1)
    except psycopg2.OperationalError as error:
        refused = f"PostgreSQL can't be reached or refuses ({_said(error)})"
        return _complain(f"{refused}; check PUNCTUAL_DATABASE_*_URL_*.", 1)
    return 0


def create(services: Sequence[str] = ()) -> None:
    """Databases and roles, as the URLs name them. Raises SettingsError."""
    known = settings.current()
    if known.admin_database_url is None:
        raise settings.SettingsError("PUNCTUAL_DATABASE_ADMIN_URL is missing: the URL of a superuser of PostgreSQL.")
    provision(known.admin_database_url, [known.databases[service] for service in services or settings.SERVICES])


def migrate_all(services: Sequence[str] = ()) -> None:
    """Databases, exchange, queues and bindings. Raises Newer before anything is changed."""
    chosen = services or settings.SERVICES
    for service in chosen:
        refuse_newer(service)
    for service in chosen:
        log.info("%s: %d migration(s) applied", service, migrate(service))
    import_actors()
    declare_topology(broker, BINDINGS, sorted(broker.get_declared_queues()))
    log.info("broker: %d queues stand", len(broker.get_declared_queues()))


def refuse_newer(service: str) -> None:
    """Raises Newer when the database has migrations that this program doesn't know."""
    with contextlib.closing(psycopg2.connect(settings.current().databases[service].owner)) as connection:
        unknown = standing(service, connection).unknown
    if unknown:
        newer = f"The database of {service} is newer than this program: it has {', '.join(unknown)}"
        raise Newer(f"{newer}. Install the version of Punctual that migrated it, or a newer one.")


def migrate(service: str, pause: Callable[[float], None] = time.sleep) -> int:
    """Bring one database up to date; how many migrations were applied.

    A migration that doesn't get its lock within seconds is undone and tried again, so that nobody waits behind it.
    Raises Newer, or psycopg2.errors.LockNotAvailable after many tries.
    """
    url = settings.current().databases[service].owner
    migrations = yoyo.read_migrations(*folders(service))
    with alone(url):
        refuse_newer(service)
        count = len(_backend(url).to_apply(migrations))
        for left in reversed(range(TRIES)):
            backend = _backend(url)
            try:
                for migration in backend.to_apply(migrations):
                    _apply(backend, migration)
                break
            except psycopg2.errors.LockNotAvailable as error:
                if not left:
                    raise
                log.warning("%s: a table is in use (%s); trying again", service, _said(error))
                pause(PAUSE_SECONDS)
    return count


@contextlib.contextmanager
def alone(url: str) -> Iterator[None]:
    """Wait until nobody else migrates or backs up this database.

    yoyo's own lock is a row, which a killed process leaves behind for ever; this one ends with its connection.
    """
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        if not rows(connection, "SELECT pg_try_advisory_lock(hashtext('punctual migrate'))")[0][0]:
            log.warning("Waiting for who migrates or backs up %s at this moment", connection.info.dbname)
            rows(connection, "SELECT pg_advisory_lock(hashtext('punctual migrate'))")
        yield


def _apply(backend: Any, migration: Any) -> None:
    if not migration.use_transactions:
        for (name,) in backend.execute(BROKEN_INDEXES).fetchall():
            log.warning("Dropping %s, which somebody broke off making", name)
            backend.execute(f"DROP INDEX CONCURRENTLY {name}")
    # yoyo's own apply_one commits a migration before it marks it, on another connection: who dies in between
    # leaves a database that can't be migrated any more.
    with backend.transaction() if migration.use_transactions else contextlib.nullcontext():
        migration.process_steps(backend, "apply")
        backend.log_migration(migration, "apply")
        backend.mark_one(migration, log=False)


def _backend(url: str) -> Any:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query["options"] = f"{query.get('options', '')} -c lock_timeout={LOCK_TIMEOUT}".strip()
    return yoyo.get_backend(urlunsplit(parts._replace(query=urlencode(query, quote_via=quote))))


def _said(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]


def _complain(message: str, status: int) -> int:
    print(f"punctual: {message}", file=sys.stderr)
    return status
