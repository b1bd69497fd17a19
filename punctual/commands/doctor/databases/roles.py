"""What each role may do: the reader nothing but read, the writer all that workers do, the owner migrate."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import psycopg2

from punctual.commands.connections import rows, variable
from punctual.commands.doctor.findings import Finding, fault

_OUR_TABLES = """
    SELECT c.relname, p.privilege FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN unnest(%s) AS p(privilege)
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
    AND c.relname NOT LIKE '\\_yoyo%%' AND c.relname <> 'yoyo_lock'
    AND has_table_privilege(c.oid, p.privilege) = %s ORDER BY 1, 2
"""
WRITES = ["INSERT", "UPDATE", "DELETE"]
MOST_NAMED = 3


def check(service: str, what: str, connections: Mapping[str, Any]) -> Iterator[Finding]:
    """Faults only."""
    shared = variable(service, "reader") == variable(service, "writer")
    if "reader" in connections:
        yield from _reader(service, what, connections["reader"], shared=shared)
    if "writer" in connections:
        yield from _writer(service, what, connections["writer"])
    if "owner" in connections:
        yield from _owner(what, connections["owner"])


def _reader(service: str, what: str, connection: Any, *, shared: bool) -> Iterator[Finding]:
    if blind := _tables(connection, ["SELECT"], granted=False):
        yield _lacks(what, "reader", connection, blind)
    if shared:
        return
    if mighty := _tables(connection, WRITES, granted=True):
        user = _user(connection)
        remedy = f"REVOKE {', '.join(WRITES)} ON ALL TABLES IN SCHEMA public FROM {user};"
        if rows(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0][0]:
            remedy = f"give {variable(service, 'reader')} a role that is no superuser"
        yield fault(what, f"the reader {user} may write: {_named(mighty)}", remedy)


def _writer(service: str, what: str, connection: Any) -> Iterator[Finding]:
    if lame := _tables(connection, ["SELECT", *WRITES], granted=False):
        yield _lacks(what, "writer", connection, lame)
        return
    if reason := _can_not_write(connection):
        remedy = f"let {variable(service, 'writer')} point at the primary server, and see to its disk"
        yield fault(what, f"the writer can't write: {reason}", remedy)


def _owner(what: str, connection: Any) -> Iterator[Finding]:
    user = _user(connection)
    if not rows(connection, "SELECT has_schema_privilege('public', 'CREATE')")[0][0]:
        remedy = f"as a superuser, in this database: ALTER SCHEMA public OWNER TO {user};"
        yield fault(what, f"the owner {user} may not create tables", remedy)
    foreign = rows(
        connection,
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public'"
        " AND relkind IN ('r', 'p') AND NOT pg_has_role(current_user, relowner, 'USAGE') ORDER BY 1",
    )
    if foreign:
        remedy = f"as a superuser, in this database: ALTER TABLE {foreign[0][0]} OWNER TO {user}; and so on"
        names = [(row[0], "") for row in foreign]
        yield fault(what, f"tables that the owner {user} doesn't own: {_named(names)}", remedy)


def _can_not_write(connection: Any) -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN READ WRITE")
            cursor.execute("INSERT INTO inbox (event_id, received_at) VALUES (%s, now())", (str(uuid4()),))
            cursor.execute("ROLLBACK")
    except psycopg2.Error as error:
        return str(error).splitlines()[0]
    return None


def _lacks(what: str, kind: str, connection: Any, tables: list[tuple[str, str]]) -> Finding:
    user = _user(connection)
    granted = ", ".join(dict.fromkeys(privilege for _, privilege in tables))
    remedy = f"as the owner: GRANT {granted} ON ALL TABLES IN SCHEMA public TO {user};"
    return fault(what, f"the {kind} {user} lacks rights: {_named(tables)}", remedy)


def _tables(connection: Any, privileges: list[str], *, granted: bool) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in rows(connection, _OUR_TABLES, (privileges, granted))]


def _named(tables: list[tuple[str, str]]) -> str:
    named = ", ".join(f"{privilege} {table}".strip() for table, privilege in tables[:MOST_NAMED])
    rest = len(tables) - MOST_NAMED
    return f"{named} and {rest} more" if rest > 0 else named


def _user(connection: Any) -> str:
    return str(rows(connection, "SELECT current_user")[0][0])
