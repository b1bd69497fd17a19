"""A private PostgreSQL, really started, killed and started again."""

import os
import shutil
import socket
import stat
import time
from contextlib import closing

import psycopg2
import psycopg2.errors
import pytest

from punctual.commands.local import databases, postgres_home
from punctual.commands.local.errors import LocalError
from punctual.commands.local.postgres import PostgreSQL

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to start PostgreSQL under another account")


@pytest.fixture(scope="module")
def server(lasting_directory):
    started = PostgreSQL(lasting_directory)
    started.start()
    databases.create(started)
    with connection(started, "task_owner") as owner:
        execute(owner, "create table task (id bigserial primary key, title text)")
    yield started
    started.stop()


def test_the_writer_may_use_what_the_owner_made_but_not_change_its_shape(server):
    with connection(server, "task_writer") as writer:
        execute(writer, "insert into task (title) values ('a')")
        execute(writer, "update task set title = 'b'")
        execute(writer, "delete from task")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            execute(writer, "drop table task")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            execute(writer, "create table another ()")


def test_the_reader_may_only_read(server):
    with connection(server, "task_reader") as reader:
        execute(reader, "select * from task")
        execute(reader, "set default_transaction_read_only = off")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            execute(reader, "insert into task (title) values ('a')")


def test_no_role_of_a_service_enters_the_database_of_another(server):
    for role in ("auth_owner", "auth_writer", "auth_reader"):
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            psycopg2.connect(server.url(role, "task_db"))


def test_a_password_opens_one_role_only(server):
    wrong = server.url("task_writer", "task_db").replace("task_writer", "task_owner")

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(wrong)


def test_creating_the_databases_again_changes_nothing(server):
    databases.create(server)

    with connection(server, "task_writer") as writer:
        execute(writer, "select * from task")


def test_after_kill_9_it_starts_on_the_same_port_with_the_same_data(server):
    with connection(server, "task_writer") as writer:
        execute(writer, "insert into task (title) values ('kept')")
    port = server.port

    server.kill()
    assert not server.running()
    assert not server.answers()
    server.start()

    assert server.port == port
    with connection(server, "task_reader") as reader:
        assert execute(reader, "select title from task where title = 'kept'") == [("kept",)]


def test_it_is_found_and_ended_by_a_later_life_that_did_not_start_it(server):
    later = PostgreSQL(server.directory)
    assert later.port == server.port
    assert later.answers()

    later.stop()

    assert not server.running()
    server.start()


def test_lock_files_whose_number_belongs_to_a_stranger_do_not_keep_it_from_starting(server):
    server.kill()
    locks = [server.data / "postmaster.pid", server.home / f".s.PGSQL.{server.port}.lock"]
    for lock in locks:
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    server.start()

    assert server.answers()


def test_starting_what_runs_does_nothing(server):
    before = server.main_process()

    server.start()

    assert server.main_process() == before


def test_stopping_does_not_wait_for_its_clients(server):
    with connection(server, "task_reader"):
        begin = time.monotonic()
        server.stop()

        assert time.monotonic() - begin < 5
    server.start()


def test_a_port_that_was_taken_meanwhile_is_replaced_at_the_next_start(server):
    server.stop()
    with socket.create_server(("127.0.0.1", server.port)):
        other = PostgreSQL(server.directory)
        other.start()

        assert other.port != server.port
        assert other.answers()
    other.stop()
    server.start()


def test_its_password_file_is_for_its_owner_only(server):
    assert stat.S_IMODE((server.home / "password").stat().st_mode) == 0o600


def test_a_lost_password_file_is_named_with_the_way_out(directory):
    with pytest.raises(LocalError, match="password cannot be read"):
        PostgreSQL(directory).password()


def test_data_of_a_version_that_is_not_installed_is_refused_with_the_way_out(directory):
    server = PostgreSQL(directory)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(LocalError, match="Install postgresql-9"):
        server.launch()


def test_one_that_cannot_start_is_told_with_the_end_of_its_log(directory):
    server = PostgreSQL(directory)
    server.start()
    server.stop()
    with (server.data / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")

    with pytest.raises(LocalError) as caught:
        server.start()

    assert "PostgreSQL exited with status 1" in str(caught.value)
    assert "no_such_setting" in str(caught.value)


def test_half_made_data_of_a_crash_is_made_anew(directory):
    server = PostgreSQL(directory)
    postgres_home.make(server.home)
    (server.home / "data.unfinished").mkdir()
    (server.home / "data.unfinished" / "PG_VERSION").write_text("15\n")

    server.start()

    assert server.answers()
    server.stop()


@as_root
def test_a_closed_folder_above_moves_the_data_elsewhere_and_links_it(directory, capsys):
    closed = directory.root / "closed"
    closed.mkdir(mode=0o700)
    server = PostgreSQL(closed / "stack")

    server.start()

    outside = server.home.resolve()
    assert server.home.is_symlink()
    assert outside.parent == postgres_home.ELSEWHERE
    assert str(outside) in capsys.readouterr().out
    server.kill()
    server.start()
    assert server.answers()
    server.stop()
    shutil.rmtree(outside)


def connection(server, role):
    made = psycopg2.connect(server.url(role, "task_db"))
    made.autocommit = True
    return closing(made)


def execute(made, statement):
    with made.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
