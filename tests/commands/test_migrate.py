"""Migrating beside others, and after others were killed."""

import threading
from contextlib import closing

import psycopg2

from punctual.commands.migrate import migrate


def test_a_migration_that_was_killed_keeps_nobody_from_migrating_later(environment):
    with owner(environment) as connection:
        execute(connection, "insert into yoyo_lock (locked, ctime, pid) values (1, now(), 999999)")
        try:
            assert migrate("task") == 0
        finally:
            execute(connection, "delete from yoyo_lock")


def test_two_never_migrate_one_database_at_the_same_time(environment):
    with owner(environment) as connection:
        execute(connection, "select pg_advisory_lock(hashtext('punctual migrate'))")
        other = threading.Thread(target=migrate, args=("task",))
        other.start()
        other.join(0.5)
        assert other.is_alive()

        execute(connection, "select pg_advisory_unlock_all()")

        other.join(30)
        assert not other.is_alive()


def owner(environment):
    connection = psycopg2.connect(environment["PUNCTUAL_DATABASE_OWNER_URL_TASK"])
    connection.autocommit = True
    return closing(connection)


def execute(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
