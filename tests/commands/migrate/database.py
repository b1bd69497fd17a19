"""The task service's database, as its owner, and the migration that a program of tomorrow has more."""

from contextlib import closing

import psycopg2

TOMORROW = "-- depends: 0001.plumbing\nALTER TABLE inbox ADD COLUMN tomorrow integer;\n"
INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS inbox_tomorrow ON inbox (received_at, event_id);"
VALID = "select indisvalid from pg_index where indexrelid = 'inbox_tomorrow'::regclass"


def owner(environment):
    connection = psycopg2.connect(environment["PUNCTUAL_DATABASE_OWNER_URL_TASK"])
    connection.autocommit = True
    return closing(connection)


def forget_tomorrow(connection):
    execute(connection, "alter table inbox drop column if exists tomorrow")
    execute(connection, "drop index if exists inbox_tomorrow")
    execute(connection, "delete from _yoyo_migration where migration_id = '0099.tomorrow'")


def execute(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
