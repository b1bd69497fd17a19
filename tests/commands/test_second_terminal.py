"""Commands of operators find the local stack without any set-up; what is set explicitly wins."""

from pathlib import Path

import pytest

from punctual.commands import COMMANDS, OF_OPERATORS, join_local_stack
from punctual.commands.local import saved_environment
from punctual.commands.local.directory import Directory


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """A working directory with the folder of a local stack."""
    stack = {"PUNCTUAL_AMQP_URL": "amqp://local", "PUNCTUAL_PORT": "9000"}
    saved_environment.write(Directory.open(tmp_path / ".local"), stack)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_not_set_comes_from_the_local_stack(folder: Path) -> None:
    environment = {"PUNCTUAL_PORT": "8080", "HOME": "/root"}

    join_local_stack(environment)

    assert environment == {"PUNCTUAL_PORT": "8080", "PUNCTUAL_AMQP_URL": "amqp://local", "HOME": "/root"}


def test_a_variable_that_is_set_to_nothing_is_set(folder: Path) -> None:
    environment = {"PUNCTUAL_AMQP_URL": ""}

    join_local_stack(environment)

    assert environment["PUNCTUAL_AMQP_URL"] == ""


def test_without_a_local_stack_nothing_is_added(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment: dict[str, str] = {}

    join_local_stack(environment)

    assert not environment


def test_servers_take_only_what_they_are_given() -> None:
    assert {"serve", "work", "schedule", "migrate", "local"} <= COMMANDS.keys() - OF_OPERATORS
