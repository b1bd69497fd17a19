"""One moment in all databases: what was published by then is in all of them, or is kept to be published again."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg2
import psycopg2.errors

from punctual.commands.backup.errors import Failed
from punctual.commands.connections import rows

LOCK_TIMEOUT = "2s"
TRIES = 20
PAUSE_SECONDS = 0.5
_TABLES = "SELECT quote_ident(tablename), tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 2"


@dataclass(frozen=True, slots=True)
class Cut:
    """A snapshot of each database, of one moment, for as long as the connections are open."""

    taken_at: datetime
    held_ms: float
    snapshots: Mapping[str, str]
    connections: Mapping[str, Any]

    def migrations(self, service: str) -> list[str]:
        """The ids of the migrations that the database has."""
        return [
            row[0] for row in rows(self.connections[service], "SELECT migration_id FROM _yoyo_migration ORDER BY 1")
        ]

    def count(self, service: str) -> dict[str, int]:
        """How many rows each table has."""
        return count(self.connections[service])


def count(connection: Any) -> dict[str, int]:
    """How many rows each table of a database has."""
    statement = "SELECT count(*) FROM {}"
    return {name: rows(connection, statement.format(quoted))[0][0] for quoted, name in rows(connection, _TABLES)}


def connect(urls: Mapping[str, str], stack: contextlib.ExitStack) -> dict[str, Any]:
    """A connection of the owner to each database, without a limit of time. Raises Failed."""
    connections = {}
    for service, url in urls.items():
        try:
            connection = psycopg2.connect(url, connect_timeout=5, application_name="punctual backup")
        except psycopg2.OperationalError as error:
            name = f"PUNCTUAL_DATABASE_OWNER_URL_{service.upper()}"
            said = str(error).strip().splitlines()[0]
            raise Failed(f"The database of {service} can't be reached ({said}); check {name}.") from None
        stack.callback(connection.close)
        connection.autocommit = True
        connections[service] = connection
    return connections


@contextlib.contextmanager
def keeping(connections: Mapping[str, Any]) -> Iterator[None]:
    """Meanwhile no outbox forgets what leaves it, and nobody migrates. Raises Failed."""
    for service, connection in connections.items():
        if not rows(connection, "SELECT pg_try_advisory_lock(hashtext('punctual migrate'))")[0][0]:
            raise Failed(f"The database of {service} is being migrated or backed up; try again when that is done.")
    # What a backup that was killed had kept.
    _execute(connections.values(), "DELETE FROM outbox_kept")
    _execute(connections.values(), "SELECT pg_advisory_lock(hashtext('punctual backup'))")
    try:
        yield
    finally:
        _execute(connections.values(), "SELECT pg_advisory_unlock(hashtext('punctual backup'))")
        _execute(connections.values(), "DELETE FROM outbox_kept")


def cut(lockers: Mapping[str, Any], readers: Mapping[str, Any], pause: Callable[[float], None] = time.sleep) -> Cut:
    """Hold up every publication for the moment in which the snapshots are taken. Raises Failed."""
    for _ in range(TRIES):
        began = time.monotonic()
        try:
            for connection in lockers.values():
                _execute([connection], f"BEGIN; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                _execute([connection], "LOCK TABLE outbox IN SHARE MODE")
            _execute(readers.values(), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshots = {name: rows(each, "SELECT pg_export_snapshot()")[0][0] for name, each in readers.items()}
            return Cut(datetime.now(UTC), (time.monotonic() - began) * 1000, snapshots, readers)
        except psycopg2.errors.LockNotAvailable:
            pass
        finally:
            _execute(lockers.values(), "ROLLBACK")
        pause(PAUSE_SECONDS)
    raise Failed("No moment was found in which nobody publishes: a transaction stays open. Try again later.")


def _execute(connections: Iterable[Any], statement: str) -> None:
    for connection in connections:
        with connection.cursor() as cursor:
            cursor.execute(statement)
