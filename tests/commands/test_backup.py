"""The archive of a backup: whole or refused, opened by its passphrase only, never half written."""

import io
import json
import shutil
import zipfile
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest

from punctual.commands import restore
from punctual.commands.backup import passphrase
from punctual.commands.backup.archive import FORMAT, Database, Manifest, Reader, Writer
from punctual.commands.backup.errors import Failed
from punctual.commands.backup.making import make
from punctual.commands.backup.queues import silent
from punctual.commands.migrations import known
from punctual.commands.restore.restoring import _check_moment, _refuse_newer
from punctual.kit import settings

SECRET = "a passphrase that nobody guesses"
DUMP = b"PGDMP" + bytes(range(256)) * 2000


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one database. Sealing takes a second, so that guessing takes for ever."""
    written = tmp_path_factory.mktemp("backup") / "a.backup"
    writer = Writer(written, SECRET)
    checksum, size = writer.add("task", lambda seal: seal(io.BytesIO(DUMP)))
    writer.finish(manifest({"task": Database(known("task"), {"task": 7}, "15.4", checksum, size)}))
    return written


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    """A copy of it to be spoilt."""
    return Path(shutil.copy(written, tmp_path))


def manifest(databases: dict[str, Database]) -> Manifest:
    return Manifest("1.0", "2026-11-22T10:00:00.000Z", [], databases)


def rewrite(path: Path, name: str, change: Any) -> None:
    """The same archive with one member changed, as zip a sound file."""
    with zipfile.ZipFile(path) as old:
        members = {each: old.read(each) for each in old.namelist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(path, "w") as new:
        for each, content in members.items():
            new.writestr(each, content)


def test_what_goes_in_comes_out(path: Path) -> None:
    reader, out = Reader(path, SECRET), io.BytesIO()

    reader.open("task", out)

    assert out.getvalue() == DUMP
    assert reader.manifest.databases["task"].rows == {"task": 7}
    assert path.stat().st_mode & 0o077 == 0


def test_nothing_of_a_dump_can_be_read_without_the_passphrase(path: Path) -> None:
    assert DUMP[:64] not in path.read_bytes()
    with pytest.raises(Failed, match="passphrase doesn't open"):
        Reader(path, SECRET.upper())


def test_it_opens_with_age_alone(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        identity = pyrage.passphrase.decrypt(archive.read("key.age"), SECRET).decode()
        dump = pyrage.decrypt(archive.read("task.dump.age"), [pyrage.x25519.Identity.from_str(identity)])

    assert dump == DUMP


@pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.9, 0.999])
def test_one_flipped_bit_is_found(path: Path, where: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(where * len(content))] ^= 4
    path.write_bytes(content)

    with pytest.raises(Failed, match=r"is damaged|passphrase doesn't open"):
        Reader(path, SECRET)


@pytest.mark.parametrize("length", [0, 10, 100_000, -1, -30])
def test_an_archive_that_was_cut_short_is_refused(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(Failed, match="is damaged or no backup"):
        Reader(path, SECRET)


def test_a_dump_that_was_exchanged_is_found(path: Path) -> None:
    rewrite(path, "task.dump.age", lambda content: content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(Failed, match="the dump of task doesn't have its checksum"):
        Reader(path, SECRET)


def test_a_format_of_tomorrow_is_refused_with_the_version_to_install(path: Path) -> None:
    def tomorrow(content: bytes) -> bytes:
        return json.dumps({**json.loads(content), "format": FORMAT + 1, "punctual": "9.0", "more": 1}).encode()

    rewrite(path, "manifest.json", tomorrow)

    with pytest.raises(Failed, match=r"has format 2 of Punctual 9\.0; this program knows up to 1\. Install"):
        Reader(path, SECRET)


def test_migrations_of_tomorrow_are_refused() -> None:
    newer = {service: Database(known(service), {}, "15.4") for service in settings.SERVICES}
    newer["task"].migrations.append("0099.tomorrow")

    with pytest.raises(Failed, match=r"made by Punctual 1\.0, and task has 0099\.tomorrow, which this program"):
        _refuse_newer(manifest(newer))


def test_other_databases_than_ours_are_refused() -> None:
    with pytest.raises(Failed, match=r"other databases \(calendar\)"):
        _refuse_newer(manifest(dict.fromkeys([*settings.SERVICES, "calendar"], Database([], {}, "15.4"))))


def test_a_database_that_cannot_be_reached_is_named_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    away = settings.load({"PUNCTUAL_DATABASE_OWNER_URL_AUTH": "postgresql://127.0.0.1:1/auth_db"})
    monkeypatch.setattr(settings, "current", lambda: away)
    (tmp_path / "passphrase").write_text(SECRET)

    with pytest.raises(Failed, match=r"database of auth can't be reached .*check PUNCTUAL_DATABASE_OWNER_URL_AUTH"):
        make(tmp_path, tmp_path / "passphrase", 0)

    assert [path.name for path in tmp_path.iterdir()] == ["passphrase"]


def test_what_is_there_is_not_overwritten(path: Path) -> None:
    before = path.read_bytes()

    with pytest.raises(Failed, match="is there already"):
        Writer(path, SECRET)

    assert path.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "b.backup", SECRET)
    writer.add("task", lambda seal: seal(io.BytesIO(DUMP)))
    writer.abandon()

    assert list(tmp_path.iterdir()) == []


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="There is no file"):
        Reader(tmp_path / "none", SECRET)


def test_a_passphrase_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("too short\n")

    with pytest.raises(Failed, match=r"at least 16 characters\. Make one: python3"):
        passphrase.read(tmp_path / "short")
    with pytest.raises(Failed, match="can't be read"):
        passphrase.read(tmp_path / "missing")


def test_without_rabbitmq_every_queue_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    away = settings.load({"PUNCTUAL_AMQP_URL": "amqp://guest:guest@127.0.0.1:1"})
    monkeypatch.setattr(settings, "current", lambda: away)

    assert silent(["task", "mail"]) == ["mail", "task"]


def arguments(*given: str) -> Any:
    parser = ArgumentParser(exit_on_error=False)
    restore.add_arguments(parser)
    return parser.parse_args(["a.backup", "--passphrase-file", "p", *given])


def test_until_when_people_were_told_must_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments()
    assert "--lost-at" in capsys.readouterr().err
    assert arguments("--lost-at", "then").lost_at is None
    assert arguments("--lost-at", "2026-11-22T14:00Z").lost_at == datetime(2026, 11, 22, 14, tzinfo=UTC)


def test_a_system_is_not_lost_before_its_backup() -> None:
    with pytest.raises(Failed, match="--lost-at is before the backup"):
        _check_moment(manifest({}), datetime(2026, 11, 22, 9, tzinfo=UTC))
