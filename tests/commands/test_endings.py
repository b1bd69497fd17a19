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


@pytest.mark.parametrize("given", [{"PUNCTUAL_AMQP_URL": "amqp://127.0.0.1:1"}, {"PUNCTUAL_QUORUM_QUEUES": "on"}])
def test_a_worker_outlasts_a_rabbitmq_that_is_away_or_refuses_its_queues(
    environment: dict[str, str], tmp_path: Path, given: dict[str, str]
) -> None:
    process = started({**environment, **given}, tmp_path, "work", "--queues", "mail")
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0


@pytest.mark.parametrize("given", [{"PUNCTUAL_AMQP_URL": "amqp://127.0.0.1:1"}, {"PUNCTUAL_QUORUM_QUEUES": "on"}])
def test_a_migration_tells_of_a_rabbitmq_that_is_away_or_refuses_its_queues(
    environment: dict[str, str], given: dict[str, str]
) -> None:
    program = [sys.executable, "-m", "punctual", "migrate", "notification"]
    environment = {**os.environ, **environment, **given}
    answer = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert answer.returncode == 1
    assert "RabbitMQ can't be reached or refuses" in answer.stderr
    assert "Traceback" not in answer.stderr
