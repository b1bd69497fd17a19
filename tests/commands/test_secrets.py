"""`punctual secrets`: made once, each for those who need it."""

import argparse
import os
from pathlib import Path

import pytest

from punctual.commands import secrets
from punctual.kit.settings import load


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    """Empty folders, whose files may belong to whom they please without our being root."""
    for name in secrets.FOLDERS:
        (tmp_path / name).mkdir()
    if os.geteuid():
        monkeypatch.setattr(secrets.os, "chown", lambda *_: None)
    return argparse.Namespace(directory=tmp_path, postgres="db", rabbitmq="mq")


def contents(arguments: argparse.Namespace) -> dict[str, str]:
    return {path.name: path.read_text() for path in arguments.directory.rglob("*") if path.is_file()}


def test_settings_understand_what_is_made(arguments: argparse.Namespace) -> None:
    secrets.run(arguments)
    own = arguments.directory / "punctual"
    known = load(
        {
            "PUNCTUAL_AMQP_URL_FILE": str(own / "amqp_url"),
            "PUNCTUAL_DATABASE_ADMIN_URL_FILE": str(own / "database_admin_url"),
            "PUNCTUAL_DATABASE_URL_TASK_FILE": str(own / "task_writer_url"),
            "PUNCTUAL_SESSION_KEY_FILE": str(own / "session_key"),
        }
    )
    made = contents(arguments)

    assert known.databases["task"].writer.startswith("postgresql://task_writer:")
    assert known.databases["task"].writer.endswith("@db/task_db")
    assert made["password"] in (known.admin_database_url or "")
    assert f"default_pass = {known.amqp_url.split(':')[2].split('@')[0]}" in made["rabbitmq.conf"]


def test_what_is_there_stays(arguments: argparse.Namespace, capsys: pytest.CaptureFixture[str]) -> None:
    secrets.run(arguments)
    before = contents(arguments)
    secrets.run(arguments)

    assert contents(arguments) == before
    assert capsys.readouterr().out.endswith("All secrets are there.\n")


def test_only_what_is_missing_is_made_anew(arguments: argparse.Namespace, capsys: pytest.CaptureFixture[str]) -> None:
    secrets.run(arguments)
    before = contents(arguments)
    (arguments.directory / "punctual" / "task_writer_url").unlink()
    secrets.run(arguments)
    after = contents(arguments)

    assert capsys.readouterr().out.endswith("Made task_writer_url.\n")
    assert {name for name in before if before[name] != after[name]} == {"task_writer_url"}


def test_no_password_is_used_twice(arguments: argparse.Namespace) -> None:
    secrets.run(arguments)
    passwords = [text.split(":")[2].split("@")[0] for name, text in contents(arguments).items() if "_url" in name]

    assert len(set(passwords)) == len(passwords) == 17


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_each_file_is_for_root_and_one_group(arguments: argparse.Namespace) -> None:
    secrets.run(arguments)
    own = {path.name: path.stat() for path in (arguments.directory / "punctual").iterdir()}

    assert {status.st_mode & 0o777 for status in own.values()} == {0o440}
    assert own["task_reader_url"].st_gid == secrets.group("task") == 20007
    assert own["task_writer_url"].st_gid == secrets.group("worker")
    assert {status.st_uid for status in own.values()} == {0}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = argparse.Namespace(directory=tmp_path / "none", postgres="db", rabbitmq="mq")

    assert secrets.run(missing) == 1
    assert str(tmp_path / "none") in capsys.readouterr().err
