"""Database connections for commands that look: opened for the moment, refused in plain words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

from punctual.kit.setting_files import FILE

SECONDS = 5
OPTIONS = "-c statement_timeout=8000 -c timezone=UTC"
_REMEDIES = (
    ("authentication failed", "correct user and password in {variable}"),
    ("no password supplied", "correct user and password in {variable}"),
    ("no pg_hba.conf entry", "allow this machine in the server's pg_hba.conf, or correct {variable}"),
    ("does not exist", "create the role and the database (docs/operations.md), or correct {variable}"),
    ("permission denied for database", "grant CONNECT on the database to this role, or correct {variable}"),
    ("too many", "raise max_connections of the server, or run fewer processes"),
    ("starting up", "wait until the server has recovered"),
)
_OTHERWISE = "start PostgreSQL (for the local stack: make run), or correct {variable}"


class Refused(Exception):
    """No connection. `remedy` has a place for `{variable}`."""

    def __init__(self, variable: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.variable = variable
        self.reason = reason
        self.remedy = remedy


def variable(service: str, kind: str) -> str:
    """The variable that the URL came from: that of the role, or else the writer's."""
    infix = "" if kind == "writer" else f"{kind.upper()}_"
    name = f"PUNCTUAL_DATABASE_{infix}URL_{service.upper()}"
    given = os.environ.get(name) or os.environ.get(name + FILE)
    return name if given else f"PUNCTUAL_DATABASE_URL_{service.upper()}"


@contextmanager
def connect(url: str, name: str) -> Iterator[Any]:
    """A connection that commits by itself. Raises Refused."""
    try:
        connection = psycopg2.connect(url, options=OPTIONS, connect_timeout=SECONDS, application_name="punctual")
    except psycopg2.OperationalError as error:
        reason = _plain(str(error))
        remedy = next((text for sign, text in _REMEDIES if sign in reason), _OTHERWISE)
        raise Refused(name, reason, remedy) from None
    except (psycopg2.ProgrammingError, UnicodeError):
        # Its message repeats the URL, with the password.
        raise Refused(
            name, "its URL can't be read", "write {variable} as postgresql://user:password@host/database"
        ) from None
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def rows(connection: Any, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
    """All rows of one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _plain(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[0].partition("FATAL:")[2].strip() or lines[0] if lines else "no connection"
