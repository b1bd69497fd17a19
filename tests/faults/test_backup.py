"""Backups of a living system, restored from nothing else: one moment of all, nothing lost, nothing told twice."""

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from punctual.commands.restore.mending import TOLD
from punctual.kit.canary import CANARY
from punctual.kit.settings import SERVICES
from tests.faults import audit, promises
from tests.faults.office import at_work
from tests.flows.client import until
from tests.support.cluster import Cluster, fresh_cluster

WINDOW = "1"
_SUM = "SELECT md5(coalesce(string_agg(md5(each::text), '' ORDER BY md5(each::text)), '')) FROM {} AS each"
# The canary's come and go by themselves.
_DUE = f"FROM notification WHERE kind = 'task.due' AND user_id <> '{CANARY}'"
_TOLD = f"SELECT user_id::text, task_id::text {_DUE}"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


@pytest.fixture(scope="module")
def living() -> Iterator[Cluster]:
    """A system of its own: it dies more than once here."""
    with fresh_cluster("backup", PUNCTUAL_WORKERS="2", PUNCTUAL_RATE_LIMIT="off") as started:
        yield started


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Where a backup goes; its passphrase lies beside it."""
    (tmp_path / "passphrase").write_text("a passphrase that nobody guesses")
    return tmp_path / "punctual.backup"


def punctual(cluster: Cluster, command: str, archive: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the operator's."""
    secret = ["--passphrase-file", str(archive.parent / "passphrase")]
    program = [sys.executable, "-m", "punctual", command, str(archive), *secret, *arguments]
    return subprocess.run(program, env=cluster.variables, capture_output=True, text=True, check=False, timeout=120)


def die(cluster: Cluster) -> list[str]:
    """Everything ends at once, and RabbitMQ with all that it holds."""
    names = [*cluster.names]
    cluster.kill(*names)
    cluster.rabbitmq.kill()
    shutil.rmtree(cluster.rabbitmq.home / "data")
    cluster.rabbitmq.start()
    return names


def told(cluster: Cluster) -> set[tuple[str, str]]:
    """Who was told of which event of a task, but for deadlines."""
    statement = (
        "SELECT user_id::text, event_id::text FROM notification WHERE task_id IS NOT NULL AND kind <> 'task.due'"
    )
    return set(cluster.sql("notification", statement))


def sums(cluster: Cluster) -> dict[str, str]:
    """A checksum of every table."""
    return {
        f"{service}.{table}": cluster.sql(service, _SUM.format(table))[0][0]
        for service in SERVICES
        for (table,) in cluster.sql(service, _TABLES)
    }


@pytest.mark.parametrize(
    ("reminders", "ahead", "seconds", "pause"),
    [(20, 4.0, 6.0, 1), pytest.param(60, 12.0, 16.0, 0, marks=pytest.mark.chaos)],
)
def test_what_was_written_before_a_backup_is_there_once_after_a_restore_and_told_once(
    living: Cluster, archive: Path, reminders: int, ahead: float, seconds: float, pause: float
) -> None:
    cluster, seed = living, random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    with at_work(cluster.url, seed, pause) as office:
        promised = promises.promise(cluster.url, reminders, ahead, seconds)
        time.sleep(seconds / 2)
        acknowledged = Counter(office.book.rows)
        made = punctual(cluster, "backup", archive, "--window", WINDOW)
        time.sleep(1)
    assert made.returncode == 0, made.stdout + made.stderr
    promises.wait_until_told(cluster, promised)
    whole = told(cluster)
    names = die(cluster)

    restored = punctual(cluster, "restore", archive, "--lost-at", "then", "--replace")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    cluster.revive(*names)
    cluster.wait_until_ready()
    promises.wait_until_told(cluster, promised)

    found = audit._rows(cluster, f"{office.book.prefix}%")
    writes = audit.Tally("restored, writes acknowledged before the backup")
    writes.compare(acknowledged, found & acknowledged)
    writes.doubled = list((found - office.book.rows).elements())
    writes.notes = (
        f"{found.total()} of {office.book.rows.total()} are in it; seed {seed}; {made.stdout.splitlines()[2]}"
    )
    audit.settle(writes)
    happened = {row[0] for row in cluster.sql("task", "SELECT id::text FROM history")}
    notifications = audit.Tally("restored, notifications of tasks")
    notifications.compare(Counter(each for each in whole if each[1] in happened), Counter(told(cluster)))
    sent_again = [line.strip() for line in restored.stdout.splitlines() if "under way" in line]
    notifications.notes = "; ".join(sent_again)
    audit.settle(notifications)
    reminders = audit.Tally("restored, reminders")
    reminders.compare(Counter(promised.reminders), Counter(row[:2] for row in cluster.sql(*_due(promised))))
    audit.settle(reminders)
    assert audit.replicas(cluster) == []
    audit.wait_until_settled(cluster)


def _due(promised: promises.Promised) -> tuple[str, str, tuple[list[str]]]:
    statement = "SELECT user_id::text, task_id::text FROM notification WHERE kind = 'task.due'"
    return "notification", f"{statement} AND task_id = ANY(%s::uuid[])", (promised.tasks,)


def test_every_row_of_every_table_comes_back_and_what_was_told_since_is_not_told_again(
    living: Cluster, archive: Path
) -> None:
    cluster = living
    audit.wait_until_settled(cluster)
    # Those who change something; the workers stay, to answer for their queues.
    stopped = [name for name in cluster.names if not name.startswith(("worker", "mail-worker"))]
    cluster.kill(*stopped)
    audit.wait_until_settled(cluster)
    soon, later = datetime.now(UTC) + timedelta(minutes=10), datetime.now(UTC) + timedelta(hours=10)
    [(first,), (second,)] = cluster.sql("task", "SELECT id::text FROM reminder ORDER BY id LIMIT 2")
    for reminder, moment in ((first, soon), (second, later)):
        cluster.sql("task", "UPDATE reminder SET state = 'scheduled', fire_at = %s WHERE id = %s", (moment, reminder))
    [(waiting,)] = cluster.sql("notification", "SELECT id::text FROM delivery WHERE channel = 'email' LIMIT 1")
    cluster.sql(
        "notification", "UPDATE delivery SET state = 'queued', next_attempt_at = %s WHERE id = %s", (soon, waiting)
    )
    before = sums(cluster)

    made = punctual(cluster, "backup", archive, "--window", "0")
    assert made.returncode == 0, made.stdout + made.stderr
    in_use = punctual(cluster, "restore", archive, "--lost-at", "then", "--replace")
    workers = [name for name in cluster.names if name not in stopped]
    cluster.kill(*workers)
    full = punctual(cluster, "restore", archive, "--lost-at", "then")
    cluster.sql("task", "DELETE FROM history")
    moved = punctual(cluster, "restore", archive, "--lost-at", "then", "--replace", "--keep-sessions")
    after = sums(cluster)
    lost_at = (soon + timedelta(minutes=1)).isoformat()
    restored = punctual(cluster, "restore", archive, "--lost-at", lost_at, "--replace")

    assert in_use.returncode == 1
    assert "in use by" in in_use.stderr
    assert full.returncode == 1
    assert "isn't empty" in full.stderr
    assert moved.returncode == 0, moved.stderr
    assert after == before
    assert restored.returncode == 0, restored.stderr
    ledger = "SELECT state::text, reason FROM reminder WHERE id = %s"
    assert cluster.sql("task", ledger, (first,)) == [("fired", TOLD)]
    assert cluster.sql("task", ledger, (second,)) == [("scheduled", None)]
    delivery = "SELECT state, reason FROM delivery WHERE id = %s"
    assert cluster.sql("notification", delivery, (waiting,)) == [("suppressed", TOLD)]
    assert cluster.sql("auth", "SELECT count(*) FROM session WHERE revoked_at IS NULL") == [(0,)]
    cluster.revive(*workers, *stopped)
    cluster.wait_until_ready()
    until(lambda: not audit.unsettled(cluster), within=30)


def test_after_a_recovery_the_last_reminders_fire_again_and_nobody_is_told_twice(
    living: Cluster, archive: Path
) -> None:
    cluster = living
    audit.wait_until_settled(cluster)
    names = cluster.names
    cluster.kill(*names)
    told_before = cluster.sql("notification", _TOLD)
    # One that had fired, and then everything was lost that would have told it.
    fired = "SELECT task_id::text FROM reminder GROUP BY task_id HAVING bool_and(state = 'fired' AND fire_at < now())"
    tasks = [task for (task,) in cluster.sql("task", fired)]
    [(lost,)] = cluster.sql("notification", f"SELECT id::text {_DUE} AND task_id = ANY(%s::uuid[]) LIMIT 1", (tasks,))
    cluster.sql(
        "notification", "DELETE FROM inbox WHERE event_id = (SELECT event_id FROM notification WHERE id = %s)", (lost,)
    )
    cluster.sql("notification", "DELETE FROM notification WHERE id = %s", (lost,))
    cluster.sql("task", "UPDATE reminder SET settled_at = now() WHERE state = 'fired'")

    program = [sys.executable, "-m", "punctual", "restore", "--recovered", "--lost-at", "then"]
    settled = subprocess.run(program, env=cluster.variables, capture_output=True, text=True, check=False, timeout=120)
    cluster.revive(*names)
    cluster.wait_until_ready()
    until(
        lambda: not cluster.sql("task", "SELECT id FROM reminder WHERE state = 'scheduled' AND fire_at < now()"),
        within=60,
    )
    audit.wait_until_settled(cluster)

    assert settled.returncode == 0, settled.stderr
    assert "reminders fire again, and are told unless they were" in settled.stdout
    assert Counter(cluster.sql("notification", _TOLD)) == Counter(told_before)
