"""One database for each service on the private server."""

import psycopg2

from punctual.commands.local.errors import LocalError
from punctual.commands.local.postgres import PostgreSQL
from punctual.commands.local.postgres_home import SUPERUSER
from punctual.commands.provision import provision
from punctual.kit.settings import SERVICES, Database


def database_of(service: str) -> str:
    return f"{service}_db"


def create(server: PostgreSQL) -> None:
    """Have every service's database and roles; running it again changes nothing. Raises LocalError."""
    try:
        provision(server.url(SUPERUSER, "postgres"), [_database(server, service) for service in SERVICES])
    except psycopg2.Error as error:
        raise LocalError(
            f"The databases could not be made: {str(error).strip()}. See {server.directory.log(server.name)}."
        ) from None


def urls(server: PostgreSQL, service: str) -> dict[str, str]:
    """The variables that tell a process where this service's database is."""
    database = _database(server, service)
    return {
        f"PUNCTUAL_DATABASE_URL_{service.upper()}": database.writer,
        f"PUNCTUAL_DATABASE_READER_URL_{service.upper()}": database.reader,
        f"PUNCTUAL_DATABASE_OWNER_URL_{service.upper()}": database.owner,
    }


def _database(server: PostgreSQL, service: str) -> Database:
    def url(kind: str) -> str:
        return server.url(f"{service}_{kind}", database_of(service))

    return Database(writer=url("writer"), reader=url("reader"), owner=url("owner"))
