"""Where a backup goes: databases that nobody uses, empty or to be emptied, and queues of which old news is taken."""

from collections.abc import Mapping
from typing import Any

from dramatiq.common import dq_name, xq_name

from punctual.commands.backup import queues
from punctual.commands.backup.errors import Failed
from punctual.commands.connections import rows
from punctual.kit.broker import MAIL
from punctual.kit.inspection import Inspection, Unreachable
from punctual.kit.listeners import BINDINGS

_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
)
# In an order in which nothing that is named later hangs on what is dropped before; CASCADE does the rest.
_OBJECTS = """
    SELECT format('DROP %%s IF EXISTS %%s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                  WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass)
    FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT format('DROP FUNCTION IF EXISTS %%s CASCADE', oid::regprocedure)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %%s CASCADE', oid::regtype)
    FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
"""


def demand_silence(connections: Mapping[str, Any]) -> None:
    """Raises Failed while a process of Punctual, or somebody else, uses a database or reads a queue."""
    for service, connection in connections.items():
        if others := rows(connection, _OTHERS)[0][0]:
            busy = f"The database of {service} is in use by {others} other connection{'s' * (others > 1)}"
            raise Failed(f"{busy}. Stop the gateway, the services, the workers and the scheduler first.")
    try:
        with Inspection() as inspection:
            for name in queues.every():
                if (state := inspection.queue(name)) and state.consumers:
                    raise Failed(f"A worker reads the queue {name}. Stop the workers first.")
    except Unreachable as error:
        raise Failed(f"RabbitMQ can't be reached: {error}. Start it, or check PUNCTUAL_AMQP_URL.") from None


def demand_room(connections: Mapping[str, Any], *, replace: bool) -> None:
    """Raises Failed for a database with anything in it, unless that is to be replaced."""
    for service, connection in connections.items():
        tables = rows(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")[0][0]
        if tables and not replace:
            full = f"The database of {service} isn't empty: it has {tables} tables"
            raise Failed(f"{full}. With --replace they are dropped, and what is in them is lost.")


def clear(connection: Any) -> None:
    """Drop everything that the owner of the database has made."""
    statements = [row[0] for row in rows(connection, _OBJECTS)]
    with connection.cursor() as cursor:
        cursor.execute(";".join(["BEGIN", *statements, "COMMIT"]))


def drop_old_news() -> int:
    """Empty the queues of what tells of a time that is no more; how many messages.

    Commands stay: they were accepted, nobody has carried them out, and each is carried out once.
    """
    names = [*BINDINGS, MAIL]
    with Inspection() as inspection:
        return sum(inspection.purge(name) for queue in names for name in (queue, dq_name(queue), xq_name(queue)))
