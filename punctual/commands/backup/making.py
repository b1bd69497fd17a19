"""How an archive is made: keep what is published, wait until what was published before has arrived, cut, dump."""

import contextlib
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import punctual
from punctual.commands.backup import passphrase, programs, queues
from punctual.commands.backup.archive import Database, Manifest, Writer
from punctual.commands.backup.cut import Cut, connect, cut, keeping
from punctual.commands.backup.errors import Failed
from punctual.commands.migrations import Outdated, standing
from punctual.kit import settings, wire


def make(path: Path, passphrase_file: Path, window: float, pause: Callable[[float], None] = time.sleep) -> list[str]:
    """Make the archive; the queues whose messages may be missing. Raises Failed."""
    secret = passphrase.read(passphrase_file)
    programs.demand()
    urls = {service: database.owner for service, database in settings.current().databases.items()}
    place = path / f"punctual-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup" if path.is_dir() else path
    with contextlib.ExitStack() as stack:
        keepers, readers = connect(urls, stack), connect(urls, stack)
        _demand_migrated(keepers)
        writer = Writer(place, secret)
        try:
            with keeping(keepers):
                _say("Keeping what is published, until the workers have taken up what was published before.")
                silent = queues.silent(queues.every())
                _say(f"They have {window:g} s to finish it.")
                pause(window)
                moment = cut(keepers, readers)
            _say(f"Taken at {wire.instant(moment.taken_at)}; publishing stood still for {moment.held_ms:.0f} ms.")
            databases = {service: _dump(service, url, moment, writer) for service, url in urls.items()}
            writer.finish(Manifest(punctual.__version__, wire.instant(moment.taken_at), silent, databases))
        except BaseException:
            writer.abandon()
            raise
    _say(f"{place}: {sum(each.size for each in databases.values()):,} bytes.")
    return silent


def _demand_migrated(connections: Mapping[str, Any]) -> None:
    try:
        for service, connection in connections.items():
            standing(service, connection).demand()
    except Outdated as error:
        raise Failed(f"Can't back up: {error}") from None


def _dump(service: str, url: str, moment: Cut, writer: Writer) -> Database:
    rows = moment.count(service)

    def hand_over(seal: Callable[[IO[bytes]], None]) -> None:
        programs.dump(url, moment.snapshots[service], seal)

    checksum, size = writer.add(service, hand_over)
    _say(f"  {service}: {sum(rows.values()):,} rows, {size:,} bytes")
    version: Any = moment.connections[service].server_version
    postgresql = f"{version // 10_000}.{version % 10_000}"
    return Database(moment.migrations(service), rows, postgresql, checksum, size)


def _say(text: str) -> None:
    print(text, flush=True)
