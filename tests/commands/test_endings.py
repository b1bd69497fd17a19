"""SIGTERM: a process finishes what it has begun, then ends by itself with 0."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.flows.client import until

ROOT = Path(__file__).parents[2]


def started(environment: dict[str, str], tmp_path: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A process that says, by its heartbeat, that it is at work."""
    alive = tmp_path / arguments[0]
    process = subprocess.Popen(
        [sys.executable, "-m", "punctual", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment, "PUNCTUAL_HEARTBEAT_FILE": str(alive), "PUNCTUAL_LOG_LEVEL": "error"},
    )
    until(lambda: alive.exists() or process.poll() is not None, within=60)
    return process


@pytest.mark.parametrize(
    "arguments", [("schedule",), ("work", "--queues", "mail"), ("work", "--queues", "mail", "--schedule")]
)
def test_a_process_ends_by_itself(environment: dict[str, str], tmp_path: Path, arguments: tuple[str, ...]) -> None:
    process = started(environment, tmp_path, *arguments)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0
    assert time.monotonic() - began < 30
