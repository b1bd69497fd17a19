"""Databases and roles are made as their URLs name them, with no more rights than they need."""

from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import psycopg2.errors
import pytest

from punctual.commands.provision import provision
from punctual.kit.settings import Database, SettingsError
from tests.conftest import own_folder

STATEMENTS = {
    "owner": "CREATE TABLE IF NOT EXISTS kept (id int); CREATE TABLE extra (id int); DROP TABLE extra",
    "writer": "INSERT INTO kept VALUES (1)",
    "reader": "SELECT * FROM kept",
}


@pytest.fixture
def server(environment: dict[str, str]) -> str:
    """The URL of the private server's superuser."""
    from punctual.commands.local.directory import Directory
    from punctual.commands.local.postgres import PostgreSQL
    from punctual.commands.local.postgres_home import SUPERUSER

    root = own_folder()
    if not (root / "postgres").exists():
        pytest.skip("the servers are not our own")
    postgres = PostgreSQL(Directory.open(root))
    return postgres.url(SUPERUSER, "postgres")


def wanted(server: str, secret: str) -> Database:
    parts = urlsplit(server)

    def url(kind: str) -> str:
        return f"postgresql://provision_{kind}:{secret}%2F{kind}@{parts.hostname}:{parts.port}/provision_db"

    return Database(writer=url("writer"), reader=url("reader"), owner=url("owner"))


def may(url: str, statement: str) -> bool:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        try:
            cursor.execute(statement)
            connection.commit()
        except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction):
            return False
    return True


def test_each_role_may_do_its_part_and_no_more(server: str) -> None:
    database = wanted(server, "first")
    provision(server, [database])
    roles = {"owner": database.owner, "writer": database.writer, "reader": database.reader}
    allowed = {(role, what) for role, url in roles.items() for what in STATEMENTS if may(url, STATEMENTS[what])}

    assert allowed == {("owner", "owner"), ("owner", "writer"), ("owner", "reader")} | {
        ("writer", "writer"),
        ("writer", "reader"),
        ("reader", "reader"),
    }


def test_new_passwords_hold_after_it_ran_again(server: str) -> None:
    provision(server, [wanted(server, "first")])
    provision(server, [wanted(server, "second")])

    assert may(wanted(server, "second").reader, "SELECT 1")
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(wanted(server, "first").reader)


def test_a_url_without_a_password_is_refused(server: str) -> None:
    url = "postgresql://nobody@localhost/provision_db"

    with pytest.raises(SettingsError, match="user:password"):
        provision(server, [Database(writer=url, reader=url, owner=url)])
