"""How an archive is restored: everything that can be wrong is looked for before anything is changed."""

import contextlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2

from punctual.commands.backup import passphrase, programs
from punctual.commands.backup.archive import Manifest, Reader
from punctual.commands.backup.cut import connect, count
from punctual.commands.backup.errors import Failed
from punctual.commands.migrate import migrate_all
from punctual.commands.migrations import compare
from punctual.commands.restore import mending, target
from punctual.kit import settings


def restore(path: Path, passphrase_file: Path, lost_at: datetime | None, *, replace: bool, keep_sessions: bool) -> None:
    """Restore all databases, bring them up to date, and settle what time has overtaken. Raises Failed."""
    programs.demand()
    reader = Reader(path, passphrase.read(passphrase_file))
    manifest = reader.manifest
    _refuse_newer(manifest)
    _check_moment(manifest, lost_at)
    urls = {service: settings.current().databases[service].owner for service in manifest.databases}
    print(f"{path}: Punctual {manifest.punctual}, taken at {manifest.taken_at}.", flush=True)
    with contextlib.ExitStack() as stack:
        connections = connect(urls, stack)
        target.demand_silence(connections)
        target.demand_room(connections, replace=replace)
        try:
            for service, url in urls.items():
                target.clear(connections[service])
                programs.restore(url, lambda stream, service=service: reader.open(service, stream))  # type: ignore[misc]
            counted = {service: _counted(service, connections[service], manifest) for service in urls}
        except (Failed, psycopg2.Error, OSError) as error:
            again = "The databases are incomplete now; run punctual restore again with --replace."
            raise Failed(f"{str(error).strip()}\n{again}") from None
    _finish(urls, lost_at, keep_sessions=keep_sessions, old_news=True, again=False)
    for service, rows in counted.items():
        print(f"  {service}: {rows:,} rows, as many as the backup has")
    _warn(manifest)
    print("Restored. Start the processes, then ask punctual doctor.", flush=True)


def settle(lost_at: datetime | None, *, keep_sessions: bool) -> None:
    """The same for databases that PostgreSQL itself has recovered to some moment. Raises Failed."""
    urls = {service: database.owner for service, database in settings.current().databases.items()}
    with contextlib.ExitStack() as stack:
        target.demand_silence(connect(urls, stack))
    # After a crash the queues hold what was under way then; of an earlier moment they would tell the future.
    _finish(urls, lost_at, keep_sessions=keep_sessions, old_news=lost_at is not None, again=lost_at is None)
    print("Settled. Start the processes, then run punctual resync for auth, user and project.", flush=True)


def _finish(
    urls: Mapping[str, str], lost_at: datetime | None, *, keep_sessions: bool, old_news: bool, again: bool
) -> None:
    dropped = target.drop_old_news() if old_news else 0
    migrate_all()
    with contextlib.ExitStack() as stack:
        done = mending.mend(connect(urls, stack), lost_at, keep_sessions=keep_sessions, again=again)
    for line in [*done, *([f"{dropped} messages of the system before were dropped"] if dropped else [])]:
        print(f"  {line}", flush=True)


def _refuse_newer(manifest: Manifest) -> None:
    if different := sorted(manifest.databases.keys() ^ set(settings.SERVICES)):
        made = f"The backup was made by Punctual {manifest.punctual}, which has other databases"
        raise Failed(f"{made} ({', '.join(different)}). Install that version.")
    for service, database in manifest.databases.items():
        if unknown := compare(service, set(database.migrations)).unknown:
            made = f"The backup was made by Punctual {manifest.punctual}, and {service} has {', '.join(unknown)}"
            raise Failed(f"{made}, which this program doesn't know. Install that version, or a newer one.")


def _check_moment(manifest: Manifest, lost_at: datetime | None) -> None:
    if lost_at and lost_at < datetime.fromisoformat(manifest.taken_at):
        raise Failed(f"--lost-at is before the backup, which was taken at {manifest.taken_at}.")


def _counted(service: str, connection: Any, manifest: Manifest) -> int:
    found, wanted = count(connection), manifest.databases[service].rows
    if found != wanted:
        different = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
        raise Failed(f"{service}: {', '.join(different)} don't have as many rows as the backup says.")
    return sum(found.values())


def _warn(manifest: Manifest) -> None:
    if manifest.silent:
        print(f"  When it was made, nobody worked on {', '.join(manifest.silent)}: messages from there are missing.")
        print("  Run punctual resync for auth, user and project once the workers run.")
