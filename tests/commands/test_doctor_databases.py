"""The doctor and real databases: faults are made inside transactions that are never committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg2
import pytest

from punctual.commands.doctor import databases, emails, scheduler
from punctual.commands.doctor.databases import contents, roles
from punctual.commands.doctor.findings import Finding, Level
from punctual.commands.migrations import standing
from punctual.kit import settings
from punctual.kit.settings import Database, Settings


def known(service: str = "task", **urls: str) -> Settings:
    """The settings of the tests' servers, with other URLs for one database."""
    current = settings.current()
    database = replace(current.databases[service], **urls)
    return replace(current, databases={**current.databases, service: database})


@contextmanager
def unfinished(url: str) -> Iterator[Any]:
    """A connection whose changes are undone at the end."""
    connection = psycopg2.connect(url)
    try:
        yield connection
    finally:
        connection.rollback()
        connection.close()


@pytest.fixture
def task(environment) -> Database:
    """The URLs of one database."""
    return settings.current().databases["task"]


def faults(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is Level.FAULT]


def test_a_database_as_the_local_stack_makes_it_is_well(task) -> None:
    first = databases.check("task", known())[0]

    assert first.level is Level.OK
    assert "all migrations applied; writer, reader and owner may do what they must, and no more" in first.why


def test_a_reader_that_may_write_is_a_fault(task) -> None:
    [fault] = faults(databases.check("task", known(reader=task.writer + "?application_name=other")))

    assert "the reader task_writer may write" in fault.why
    assert "REVOKE INSERT, UPDATE, DELETE" in fault.remedy


def test_a_writer_that_may_not_write_is_a_fault(task) -> None:
    [fault] = faults(databases.check("task", known(writer=task.reader)))

    assert "the writer task_reader lacks rights" in fault.why
    assert fault.remedy.startswith("as the owner: GRANT DELETE, INSERT, UPDATE ON")


def test_an_owner_that_may_not_migrate_is_a_fault(task) -> None:
    found = faults(databases.check("task", known(owner=task.writer)))

    assert "may not create tables" in found[0].why
    assert "doesn't own" in found[1].why


def test_one_role_for_all_is_a_note(task, monkeypatch) -> None:
    monkeypatch.delenv("PUNCTUAL_DATABASE_READER_URL_TASK")
    monkeypatch.delenv("PUNCTUAL_DATABASE_OWNER_URL_TASK")

    first = databases.check("task", known(writer=task.owner, reader=task.owner))[0]

    assert first.level is Level.NOTE
    assert "one role serves for all" in first.why


def test_a_wrong_password_names_the_variable_and_no_password(task) -> None:
    wrong = task.reader.replace("task_reader:", "task_reader:x")

    [fault] = faults(databases.check("task", known(reader=wrong)))

    assert "as reader: password authentication failed" in fault.why
    assert fault.remedy == "correct user and password in PUNCTUAL_DATABASE_READER_URL_TASK"


def test_a_server_that_is_away_is_one_fault_for_all_roles(task) -> None:
    away = "postgresql://127.0.0.1:1/task_db"

    [fault] = databases.check("task", known(writer=away, reader=away, owner=away))

    assert fault.why.startswith("as writer, reader, owner: ")
    assert "PUNCTUAL_DATABASE_URL_TASK" in fault.remedy


def test_a_url_that_cannot_be_read_is_not_repeated(task) -> None:
    [fault] = faults(databases.check("task", known(reader="postgresql://u:50%crat@127.0.0.1/task_db")))

    assert "crat" not in fault.why + fault.remedy
    assert "PUNCTUAL_DATABASE_READER_URL_TASK" in fault.remedy


def test_missing_and_unknown_migrations_are_named(task) -> None:
    with unfinished(task.owner) as connection:
        connection.cursor().execute(
            "UPDATE _yoyo_migration SET migration_id = '0099.tomorrow' WHERE migration_id = '0002.ticks'"
        )

        stands = standing("task", connection)
        assert (stands.missing, stands.unknown) == (["0002.ticks"], ["0099.tomorrow"])


def test_an_empty_database_lacks_all_migrations(task) -> None:
    with unfinished(task.owner) as connection:
        connection.cursor().execute("ALTER TABLE _yoyo_migration RENAME TO elsewhere")
        stands = standing("task", connection)

        assert stands.missing[0] == "0001.plumbing"
        assert len(stands.missing) >= 4
        assert not stands.unknown


def test_what_waits_in_the_outbox_for_minutes_is_a_fault(task) -> None:
    with unfinished(task.writer) as connection:
        connection.cursor().execute(
            "INSERT INTO outbox (id, exchange, routing_key, body, created_at)"
            " VALUES (gen_random_uuid(), '', 'task', '', now() - interval '14 minutes')"
        )
        [fault] = faults(list(contents.waiting("task", connection)))

    assert fault.why == "1 message not published, the oldest for 14 min"


def test_dead_letters_are_a_fault_and_how_to_see_them_is_said(task) -> None:
    with unfinished(task.writer) as connection:
        connection.cursor().execute(
            "INSERT INTO dead_letter (id, queue, message, body, error, attempts, died_at)"
            " VALUES (gen_random_uuid(), 'task', '{}', '', 'boom', 4, now())"
        )
        found = [finding for finding in contents.waiting("task", connection) if finding.what == "task dead letters"]

    assert found[0].level is Level.FAULT
    assert "punctual dead-letters list --service task" in found[0].remedy


def delivering(connection: Any, attempts: int, next_attempt: str) -> Finding:
    """What is said of one e-mail that waits."""
    cursor = connection.cursor()
    cursor.execute("DELETE FROM digest; DELETE FROM delivery")
    cursor.execute(
        "INSERT INTO notification (id, user_id, event_id, kind, title, data, hidden, created_at) VALUES"
        " ('01932c5e-7b00-7000-8000-000000000001', gen_random_uuid(), gen_random_uuid(), 'x', 'x', '{}', false, now())"
    )
    cursor.execute(
        "INSERT INTO delivery (id, notification_id, channel, state, reason, attempts, next_attempt_at)"
        " VALUES (gen_random_uuid(), '01932c5e-7b00-7000-8000-000000000001', 'email', 'queued', 'SMTP 451', %s,"
        " now() + %s::interval)",
        (attempts, next_attempt),
    )
    return emails.waiting(connection)


@pytest.mark.parametrize(
    ("attempts", "next_attempt", "level", "word"),
    [
        (0, "1 second", Level.OK, "1 on their way"),
        (2, "10 minutes", Level.NOTE, "1 of them for another try; last: SMTP 451"),
        (0, "-14 minutes", Level.FAULT, "should have gone 14 min ago"),
    ],
)
def test_emails_that_wait_are_counted(environment, attempts: int, next_attempt: str, level: Level, word: str) -> None:
    with unfinished(settings.current().databases["notification"].writer) as connection:
        finding = delivering(connection, attempts, next_attempt)

    assert finding.level is level
    assert word in finding.why


def test_no_email_that_waits_is_well(environment) -> None:
    with unfinished(settings.current().databases["notification"].writer) as connection:
        connection.cursor().execute("DELETE FROM digest; DELETE FROM delivery")

        assert emails.waiting(connection).level is Level.OK


@pytest.mark.parametrize(("behind", "skewed"), [(5.0, True), (-5.0, True), (1.0, False)])
def test_clocks_that_differ_are_noticed(task, behind: float, skewed: bool) -> None:
    import time

    with unfinished(task.reader) as connection:
        ahead = contents.skewed(connection, 2.0, lambda: time.time() - behind)

    assert bool(ahead) is skewed
    assert not skewed or abs(ahead - behind) < 1


def test_writing_is_really_tried(task) -> None:
    with unfinished(task.writer) as connection:
        assert roles._can_not_write(connection) is None
    with unfinished(task.reader) as connection:
        reason = roles._can_not_write(connection)

    assert reason == "permission denied for table inbox"


def ticked(ago: str) -> None:
    """Every service's last tick was so long ago."""
    for database in settings.current().databases.values():
        connection = psycopg2.connect(database.writer)
        with connection, connection.cursor() as cursor:
            cursor.execute("DELETE FROM tick")
            cursor.execute("INSERT INTO tick VALUES ('sweep_outbox', now() - %s::interval)", (ago,))
        connection.close()


def test_a_scheduler_whose_ticks_are_carried_out_is_well(environment) -> None:
    ticked("2 seconds")

    assert [finding.level for finding in scheduler.check(settings.current())] == [Level.OK]


def test_a_scheduler_that_stands_still_is_a_fault_since_when(environment) -> None:
    ticked("14 minutes")
    [fault] = scheduler.check(settings.current())

    assert fault.level is Level.FAULT
    assert "task 14 min ago" in fault.why
    assert "punctual schedule" in fault.remedy


def test_without_databases_the_scheduler_is_unknown(environment) -> None:
    current = settings.current()
    away = Database(*["postgresql://127.0.0.1:1/nothing"] * 3)
    [finding] = scheduler.check(replace(current, databases=dict.fromkeys(current.databases, away)))

    assert finding.level is Level.NOTE
