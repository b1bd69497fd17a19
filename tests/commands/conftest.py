"""Folders for stacks of the tests' own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from punctual.commands.local.directory import Directory


@pytest.fixture
def directory() -> Iterator[Directory]:
    """A stack's empty folder, where PostgreSQL's account may enter (it may not enter pytest's own)."""
    with temporary_directory() as place:
        yield place


@pytest.fixture(scope="session")
def lasting_directory() -> Iterator[Directory]:
    """The same, for servers that take long to start the first time; shared by all who start and stop them."""
    with temporary_directory() as place:
        yield place


@contextmanager
def temporary_directory() -> Iterator[Directory]:
    root = Path(tempfile.mkdtemp(prefix="punctual-test-"))
    try:
        yield Directory.open(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
