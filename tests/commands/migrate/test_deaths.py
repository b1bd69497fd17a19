"""A migration whose process is killed at any point is applied by the next one."""

import os
import signal
import subprocess
import sys

import psycopg2.errors
import pytest

from punctual.commands import migrations
from punctual.commands.connections import rows
from punctual.commands.migrate import migrate
from tests.commands.migrate.database import VALID, execute, forget_tomorrow, owner

COLUMN = "select from pg_attribute where attrelid = 'inbox'::regclass and attname = 'tomorrow'"
DIES = """
import os, signal, sys
from pathlib import Path
from yoyo.backends.core.postgresql import PostgresqlBackend
from punctual.commands import migrate, migrations

last = getattr(PostgresqlBackend, sys.argv[1])

def dies(backend, *arguments, **options):
    applied = migrate.rows(backend.connection, "SELECT 1 FROM pg_class WHERE relname = 'inbox_tomorrow' UNION ALL"
        " SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('inbox') AND attname = 'tomorrow'")
    if applied:
        os.kill(os.getpid(), signal.SIGKILL)
    return last(backend, *arguments, **options)

setattr(PostgresqlBackend, sys.argv[1], dies)
migrations.MIGRATIONS = Path(sys.argv[2])
migrate.migrate("task")
"""


@pytest.mark.parametrize("last", ["log_migration", "mark_one", "commit"])
def test_a_migration_that_dies_before_it_is_marked_is_applied_by_the_next(environment, tomorrow, last):
    with owner(environment) as connection:
        try:
            assert killed_before(last, environment) == -signal.SIGKILL
            assert not has_tomorrow(connection)

            assert migrate("task") == 1
            assert has_tomorrow(connection)
            assert migrations.standing("task", connection).missing == []
        finally:
            forget_tomorrow(connection)


def test_an_index_whose_migration_dies_before_it_is_marked_is_met_by_the_next(environment, tomorrow_s_index):
    with owner(environment) as connection:
        try:
            assert killed_before("mark_one", environment) == -signal.SIGKILL
            assert rows(connection, VALID) == [(True,)]

            assert migrate("task") == 1
            assert migrations.standing("task", connection).missing == []
        finally:
            forget_tomorrow(connection)


def test_an_index_that_was_broken_off_is_made_anew(environment, tomorrow_s_index):
    twice = "insert into inbox (event_id, received_at) select gen_random_uuid(), now() from generate_series(1, 2)"
    with owner(environment) as connection:
        try:
            execute(connection, twice)
            with pytest.raises(psycopg2.errors.UniqueViolation):
                execute(connection, "create unique index concurrently inbox_tomorrow on inbox ((true))")
            assert rows(connection, VALID) == [(False,)]

            assert migrate("task") == 1
            assert rows(connection, VALID) == [(True,)]
        finally:
            forget_tomorrow(connection)


def killed_before(last, environment):
    """The exit code of a migration that is killed when it has changed the table and is about to do this."""
    program = [sys.executable, "-c", DIES, last, str(migrations.MIGRATIONS)]
    return subprocess.run(program, env={**os.environ, **environment}, check=False).returncode


def has_tomorrow(connection):
    return bool(rows(connection, COLUMN))
