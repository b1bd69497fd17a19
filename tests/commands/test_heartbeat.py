"""A sign of life for whoever watches a process without HTTP."""

import os
from pathlib import Path

import pytest

from punctual.commands.heartbeat import SECONDS, Heartbeat
from punctual.kit.settings import SettingsError


def test_the_file_is_as_young_as_the_last_beat(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    heartbeat = Heartbeat(file)
    heartbeat.beat()
    os.utime(file, (0, 0))
    heartbeat.beat()

    assert file.stat().st_mtime > 0
    assert heartbeat.pause == SECONDS


def test_without_a_file_nobody_is_woken() -> None:
    heartbeat = Heartbeat(None)
    heartbeat.beat()

    assert heartbeat.pause is None


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"PUNCTUAL_HEARTBEAT_FILE names .*none/alive"):
        Heartbeat(tmp_path / "none" / "alive").beat()
