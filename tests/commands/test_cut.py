"""The moment of a backup: nobody publishes in it, and what was published shortly before is kept."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from punctual.commands.backup import cut as module
from punctual.commands.backup.cut import connect, cut, keeping
from punctual.commands.backup.errors import Failed
from punctual.commands.backup.queues import silent
from punctual.commands.connections import rows
from punctual.kit import ids

SERVICES = ("task", "notification")
Connections = dict[str, Any]


@pytest.fixture
def urls(environment: dict[str, str]) -> dict[str, str]:
    """The owners of two databases."""
    return {service: environment[f"PUNCTUAL_DATABASE_OWNER_URL_{service.upper()}"] for service in SERVICES}


@pytest.fixture
def owners(urls: dict[str, str]) -> Iterator[Connections]:
    """Connections as a backup has them."""
    with contextlib.ExitStack() as stack:
        yield connect(urls, stack)


@pytest.fixture
def writer(environment: dict[str, str]) -> Iterator[Any]:
    """A connection of a worker; it commits when it is told to."""
    connection = psycopg2.connect(environment["PUNCTUAL_DATABASE_URL_TASK"])
    yield connection
    connection.rollback()
    with connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox WHERE routing_key = 'cut'")
    connection.close()


def publish(writer: Any) -> str:
    """A message into the outbox, not committed."""
    message_id = str(ids.uuid7())
    with writer.cursor() as cursor:
        cursor.execute("INSERT INTO outbox VALUES (%s, '', 'cut', '{}', now() + interval '1 hour')", (message_id,))
    return message_id


def arrive(writer: Any) -> None:
    """RabbitMQ has confirmed what is in the outbox."""
    with writer, writer.cursor() as cursor:
        cursor.execute("DELETE FROM outbox WHERE routing_key = 'cut'")


def kept(connection: Any) -> list[str]:
    return [row[0] for row in rows(connection, "SELECT id::text FROM outbox_kept")]


def test_what_leaves_the_outbox_is_kept_while_a_backup_is_prepared_and_at_no_other_time(
    owners: Connections, writer: Any
) -> None:
    publish(writer)
    arrive(writer)
    assert kept(owners["task"]) == []

    with keeping(owners):
        message_id = publish(writer)
        arrive(writer)
        assert kept(owners["task"]) == [message_id]

    assert kept(owners["task"]) == []
    publish(writer)
    arrive(writer)
    assert kept(owners["task"]) == []


def test_what_a_killed_backup_has_kept_is_dropped_by_the_next(
    urls: dict[str, str], owners: Connections, writer: Any
) -> None:
    with contextlib.ExitStack() as killed:
        rows(connect(urls, killed)["task"], "SELECT pg_advisory_lock(hashtext('punctual backup'))")
        old = publish(writer)
        arrive(writer)
        assert kept(owners["task"]) == [old]
    # PostgreSQL hears of the death by the closed connection.
    rows(owners["task"], "SELECT pg_advisory_lock(hashtext('punctual backup'))")
    rows(owners["task"], "SELECT pg_advisory_unlock(hashtext('punctual backup'))")
    publish(writer)
    arrive(writer)
    assert kept(owners["task"]) == [old]

    with keeping(owners):
        assert kept(owners["task"]) == []


def test_one_backup_at_a_time(urls: dict[str, str], owners: Connections) -> None:
    with contextlib.ExitStack() as stack:
        others = connect(urls, stack)
        with keeping(owners), pytest.raises(Failed, match="task is being migrated or backed up"), keeping(others):
            pass


def test_the_moment_waits_for_who_publishes_and_then_sees_it(
    urls: dict[str, str], owners: Connections, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_TIMEOUT", "50ms")
    message_id = publish(writer)
    pauses = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        writer.commit()

    with contextlib.ExitStack() as stack:
        moment = cut(owners, connect(urls, stack), pause)
        later = publish(writer)
        writer.commit()
        seen = [row[0] for row in rows(moment.connections["task"], "SELECT id::text FROM outbox")]

    assert len(pauses) == 1
    assert moment.snapshots.keys() == set(SERVICES)
    assert message_id in seen
    assert later not in seen


def test_who_never_ends_publishing_makes_it_fail_without_holding_up_others(
    urls: dict[str, str], owners: Connections, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_TIMEOUT", "10ms")
    publish(writer)
    with contextlib.ExitStack() as stack:
        readers = connect(urls, stack)
        with pytest.raises(Failed, match="No moment was found in which nobody publishes"):
            cut(owners, readers, lambda _seconds: None)

    assert rows(owners["task"], "SELECT count(*) FROM pg_locks WHERE mode = 'ShareLock' AND NOT granted") == [(0,)]


def test_a_queue_that_nobody_reads_is_silent_at_once(environment: dict[str, str]) -> None:
    assert "nowhere" in silent(["nowhere"], seconds=60)
