"""Databases and roles as the URLs name them: an owner for migrations, a writer for workers, a reader for HTTP."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection, cursor, encrypt_password
from psycopg2.sql import SQL, Identifier, Literal

from punctual.kit.settings import Database, SettingsError

# What holds for a whole server: nobody enters a database by default.
DATABASE = """
    revoke all on database {database} from public;
    grant connect on database {database} to {owner}, {writer}, {reader}
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


@dataclass(frozen=True, slots=True)
class _Role:
    name: str
    password: str
    database: str


def provision(administrator: str, databases: Iterable[Database]) -> None:
    """Have these databases and roles, with the URLs' passwords; running it again changes nothing else.

    `administrator` is the URL of a superuser. Raises psycopg2.Error, SettingsError.
    """
    with _connected(administrator, "postgres") as server, server.cursor() as cursor:
        cursor.execute("revoke connect on database postgres from public")
        for database in databases:
            owner, writer, reader = (_role(url) for url in (database.owner, database.writer, database.reader))
            if not owner.database == writer.database == reader.database:
                raise SettingsError(
                    f"Owner, writer and reader must share a database, not {owner.database}, {writer.database} and "
                    f"{reader.database}; correct PUNCTUAL_DATABASE_*URL_*."
                )
            for role in {owner, writer, reader}:
                _have_role(cursor, role)
            names = {
                "database": Identifier(owner.database),
                "owner": Identifier(owner.name),
                "writer": Identifier(writer.name),
                "reader": Identifier(reader.name),
            }
            _have_database(cursor, owner.database, names)
            if reader.name not in (writer.name, owner.name):
                cursor.execute(SQL("alter role {reader} set default_transaction_read_only = on").format(**names))
            with _connected(administrator, owner.database) as inside, inside.cursor() as there:
                there.execute(SQL(PRIVILEGES).format(**names))


def _role(url: str) -> _Role:
    parts = urlsplit(url)
    if not parts.username or not parts.password or not parts.path.strip("/"):
        raise SettingsError(
            "To make a role, its URL must be postgresql://user:password@host/database; "
            "correct PUNCTUAL_DATABASE_*URL_*."
        )
    return _Role(unquote(parts.username), unquote(parts.password), unquote(parts.path.strip("/")))


def _have_role(cursor: cursor, role: _Role) -> None:
    cursor.execute("select from pg_roles where rolname = %s", [role.name])
    verb = "alter" if cursor.rowcount else "create"
    # Hashed here, so that the password itself gets into no log of the server.
    secret = encrypt_password(role.password, role.name, cursor.connection, "scram-sha-256")
    statement = SQL(verb + " role {role} login password {secret}")
    cursor.execute(statement.format(role=Identifier(role.name), secret=Literal(secret)))


def _have_database(cursor: cursor, name: str, names: dict[str, Identifier]) -> None:
    cursor.execute("select from pg_database where datname = %s", [name])
    if not cursor.rowcount:
        cursor.execute(SQL("create database {database} owner {owner}").format(**names))
    cursor.execute(SQL(DATABASE).format(**names))


def _connected(administrator: str, database: str) -> "closing[connection]":
    parts = urlsplit(administrator)
    made = psycopg2.connect(urlunsplit(parts._replace(path=f"/{database}")), connect_timeout=5)
    made.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return closing(made)
