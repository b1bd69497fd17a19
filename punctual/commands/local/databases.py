"""One database for each service, with an owner for migrations, a writer for workers and a reader for HTTP."""

from contextlib import closing

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, cursor
from psycopg2.sql import SQL, Identifier, Literal

from punctual.commands.local.errors import LocalError
from punctual.commands.local.postgres import PostgreSQL
from punctual.commands.local.postgres_home import SUPERUSER, password_of
from punctual.kit.settings import SERVICES

KINDS = ("owner", "writer", "reader")

# What holds for a whole server: nobody enters a database by default.
DATABASE = """
    revoke all on database {database} from public;
    grant connect on database {database} to {owner}, {writer}, {reader};
    alter role {reader} set default_transaction_read_only = on
"""

# What holds inside one database, for the tables that stand and for those that migrations will make.
PRIVILEGES = """
    alter schema public owner to {owner};
    revoke all on schema public from public;
    grant usage on schema public to {writer}, {reader};
    grant select, insert, update, delete on all tables in schema public to {writer};
    grant usage on all sequences in schema public to {writer};
    grant select on all tables in schema public to {reader};
    alter default privileges for role {owner} in schema public
        grant select, insert, update, delete on tables to {writer};
    alter default privileges for role {owner} in schema public grant usage on sequences to {writer};
    alter default privileges for role {owner} in schema public grant select on tables to {reader}
"""


def database_of(service: str) -> str:
    return f"{service}_db"


def create(server: PostgreSQL) -> None:
    """Have every service's database and roles; running it again changes nothing. Raises LocalError."""
    try:
        _create(server)
    except psycopg2.Error as error:
        raise LocalError(
            f"The databases could not be made: {str(error).strip()}. See {server.directory.log(server.name)}."
        ) from None


def _create(server: PostgreSQL) -> None:
    with _administrator(server, "postgres") as connection, connection.cursor() as administrator:
        administrator.execute("revoke connect on database postgres from public")
        for service in SERVICES:
            _create_roles(administrator, service, server.password())
            _create_database(administrator, service)
    for service in SERVICES:
        with _administrator(server, database_of(service)) as connection, connection.cursor() as administrator:
            administrator.execute(SQL(PRIVILEGES).format(**_names(service)))


def urls(server: PostgreSQL, service: str) -> dict[str, str]:
    """The variables that tell a process where this service's database is."""
    owner, writer, reader = (server.url(f"{service}_{kind}", database_of(service)) for kind in KINDS)
    return {
        f"PUNCTUAL_DATABASE_URL_{service.upper()}": writer,
        f"PUNCTUAL_DATABASE_READER_URL_{service.upper()}": reader,
        f"PUNCTUAL_DATABASE_OWNER_URL_{service.upper()}": owner,
    }


def _create_roles(administrator: cursor, service: str, secret: str) -> None:
    for kind in KINDS:
        role = f"{service}_{kind}"
        administrator.execute("select from pg_roles where rolname = %s", [role])
        if not administrator.rowcount:
            statement = SQL("create role {role} login password {password}")
            names = {"role": Identifier(role), "password": Literal(password_of(role, secret))}
            administrator.execute(statement.format(**names))


def _create_database(administrator: cursor, service: str) -> None:
    names = _names(service)
    administrator.execute("select from pg_database where datname = %s", [database_of(service)])
    if not administrator.rowcount:
        administrator.execute(SQL("create database {database} owner {owner}").format(**names))
    administrator.execute(SQL(DATABASE).format(**names))


def _names(service: str) -> dict[str, Identifier]:
    roles = {kind: Identifier(f"{service}_{kind}") for kind in KINDS}
    return {"database": Identifier(database_of(service)), **roles}


def _administrator(server: PostgreSQL, database: str) -> "closing[psycopg2.extensions.connection]":
    connection = psycopg2.connect(server.url(SUPERUSER, database), connect_timeout=5)
    connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return closing(connection)
