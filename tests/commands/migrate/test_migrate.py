"""Migrating beside others, after others were killed, into what is newer, and beside those who use the tables."""

import asyncio
import os
import subprocess
import sys
import threading
from contextlib import closing

import psycopg2
import psycopg2.errors
import pytest

from punctual.commands import migrate as command, migrations
from punctual.commands.connections import rows
from punctual.commands.migrate import NEWER, TRIES, Newer, migrate, migrate_all
from punctual.commands.readiness import Migrated
from punctual.commands.work import _outdated
from tests.commands.migrate.database import VALID, execute, forget_tomorrow, owner


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


def test_a_database_that_is_newer_is_refused_before_anything_is_changed(environment, newer, monkeypatch):
    monkeypatch.setattr(command, "migrate", lambda service: pytest.fail(f"{service} was migrated"))

    with pytest.raises(Newer, match=r"database of task is newer than this program: it has 0099\.tomorrow\. Install"):
        migrate_all()


def test_a_newer_database_has_an_exit_code_of_its_own(environment, newer):
    program = [sys.executable, "-m", "punctual", "migrate", "task"]
    answer = subprocess.run(program, env={**os.environ, **environment}, capture_output=True, text=True, check=False)

    assert answer.returncode == NEWER
    assert "0099.tomorrow" in answer.stderr


def test_a_migration_waits_for_a_table_no_longer_than_seconds_and_is_tried_again(environment, tomorrow):
    with owner(environment) as busy, owner(environment) as onlooker:
        busy.autocommit = False
        execute(busy, "lock table inbox in row exclusive mode")
        pauses = []

        def pause(seconds):
            execute(onlooker, "lock table inbox in access share mode nowait")
            onlooker.rollback()
            pauses.append(seconds)
            if len(pauses) == 2:
                busy.rollback()

        onlooker.autocommit = False
        try:
            assert migrate("task", pause) == 1
        finally:
            onlooker.rollback()
            onlooker.autocommit = True
            forget_tomorrow(onlooker)

    assert len(pauses) == 2


def test_a_migration_that_never_gets_its_table_is_undone_and_says_so(environment, tomorrow, monkeypatch):
    monkeypatch.setattr(command, "LOCK_TIMEOUT", "10ms")
    pauses = []

    with owner(environment) as busy:
        busy.autocommit = False
        execute(busy, "lock table inbox in row exclusive mode")
        with pytest.raises(psycopg2.errors.LockNotAvailable):
            migrate("task", pauses.append)
        busy.rollback()

    assert len(pauses) == TRIES - 1
    with owner(environment) as connection:
        assert migrations.standing("task", connection).missing == ["0099.tomorrow"]


def test_an_index_is_made_beside_the_writes_of_a_running_system(environment, tomorrow_s_index):
    with owner(environment) as connection:
        try:
            assert migrate("task") == 1
            assert rows(connection, VALID) == [(True,)]
        finally:
            forget_tomorrow(connection)


async def test_a_process_that_needs_more_than_the_database_has_is_not_ready(environment, tomorrow):
    with pytest.raises(migrations.Outdated, match=r"task lacks 0099\.tomorrow; run: punctual migrate task"):
        await Migrated("task").check()
    assert "0099.tomorrow" in (await asyncio.to_thread(_outdated, "task") or "")


async def test_a_process_whose_database_is_new_enough_is_ready_also_when_it_is_newer(environment, newer):
    await Migrated("task").check()

    assert await asyncio.to_thread(_outdated, "task") is None


def test_a_worker_begins_although_the_database_is_away(monkeypatch):
    from punctual.kit import settings

    away = settings.load({"PUNCTUAL_DATABASE_URL_TASK": "postgresql://127.0.0.1:1/task_db"})
    monkeypatch.setattr(settings, "current", lambda: away)

    assert _outdated("task") is None


def test_several_may_migrate_an_empty_database_at_once(environment, monkeypatch):
    url = environment["PUNCTUAL_DATABASE_OWNER_URL_TASK"]
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        execute(connection, "create schema at_once")
    apart = f"{url}?options=-c%20search_path%3Dat_once"
    variables = {**os.environ, **environment, "PUNCTUAL_DATABASE_OWNER_URL_TASK": apart}
    program = [sys.executable, "-c", "from punctual.commands.migrate import migrate; print(migrate('task'))"]
    try:
        several = [
            subprocess.Popen(program, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        answers = [each.communicate(timeout=60) for each in several]
    finally:
        with owner(environment) as connection:
            execute(connection, "drop schema at_once cascade")

    assert sorted(answer[0].strip() for answer in answers) == ["0", "0", str(len(migrations.known("task")))], answers
