"""What happens when processes die, with real ones and a clock of our own."""

import contextlib
import os
import signal
import sys
import time

import pytest

from punctual.commands.local import logs
from punctual.commands.local.errors import LocalError
from punctual.commands.local.processes import Command, owned, wait_until
from punctual.commands.local.supervisor import Supervisor

OBEDIENT = """
import signal, sys, time
def leave(*_):
    with open(sys.argv[1], "a") as file: file.write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("up", flush=True)
while True: time.sleep(60)
"""
CHATTY = """
import signal, time
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
print("A line\\n" * 200, flush=True)
signal.sigwait({signal.SIGUSR1})
print("Another line", flush=True)
while True: time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
while True: time.sleep(60)
"""


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def supervisor(directory, clock):
    made = Supervisor(directory, clock)
    yield made
    with contextlib.suppress(LocalError):
        made.stop(hurry=lambda: True)


def test_a_log_that_grew_large_begins_anew_and_its_last_part_is_kept(directory, supervisor, clock, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 1000)
    program = Command("chatty", [sys.executable, "-c", CHATTY], dict(os.environ))
    supervisor.start(program, sleeper("gateway"))
    log = directory.log("chatty")
    assert wait_until(lambda: log.stat().st_size > 1000, 10)

    clock.now += 61
    supervisor.check()
    os.kill(pid(directory, "chatty"), signal.SIGUSR1)

    assert wait_until(lambda: log.read_text() == "Another line\n", 10)
    assert log.with_suffix(".log.1").stat().st_size > 1000
    assert not directory.log("gateway").with_suffix(".log.1").exists()


def test_a_process_that_dies_is_started_again(directory, supervisor, clock):
    supervisor.start(sleeper("gateway"))
    first = pid(directory, "gateway")
    kill(directory, "gateway")

    supervisor.check()
    assert not owned(directory, "gateway")
    clock.now += 0.25
    supervisor.check()

    assert pid(directory, "gateway") != first
    assert wait_until(lambda: owned(directory, "gateway") == [pid(directory, "gateway")], 20)


def test_a_death_stands_in_the_log_of_the_process_and_on_the_console(directory, supervisor, capsys):
    supervisor.start(sleeper("gateway"))
    number = pid(directory, "gateway")
    kill(directory, "gateway")

    supervisor.check()

    told = f"gateway (process {number}) was killed by SIGKILL; it starts again in 0.25 s"
    assert told in directory.log("gateway").read_text()
    assert told in capsys.readouterr().out


def test_what_dies_again_and_again_is_started_ever_more_rarely(directory, supervisor, clock, capsys):
    supervisor.settled = True
    supervisor.start(sleeper("gateway"))
    for _ in range(10):
        kill(directory, "gateway")
        supervisor.check()
        clock.now += 30
        supervisor.check()

    waits = [line.split()[-2] for line in capsys.readouterr().out.splitlines()]
    assert waits == ["0.25", "0.5", "1", "2", "4", "8", "16", "30", "30", "30"]


def test_after_a_steady_life_a_death_counts_as_the_first_one(directory, supervisor, clock, capsys):
    supervisor.settled = True
    supervisor.start(sleeper("gateway"))
    for _ in range(3):
        kill(directory, "gateway")
        supervisor.check()
        clock.now += 31
        supervisor.check()
        clock.now += 31

    waits = [line.split()[-2] for line in capsys.readouterr().out.splitlines()]
    assert waits == ["0.25", "0.25", "0.25"]


def test_what_cannot_start_ends_the_start_with_the_end_of_its_log(supervisor, clock):
    supervisor.start(Command("gateway", ["sh", "-c", "echo no such table; exit 3"], os.environ))

    with pytest.raises(LocalError) as caught:
        check_for_long(supervisor, clock)

    assert "exited with status 3, 3 times now" in str(caught.value)
    assert "no such table" in str(caught.value)


def test_a_program_that_is_gone_when_it_is_due_is_tried_again_later(directory, supervisor, clock, tmp_path):
    supervisor.settled = True
    program = tmp_path / "program"
    program.symlink_to("/bin/sleep")
    supervisor.start(Command("gateway", [str(program), "60"], os.environ))
    program.unlink()
    kill(directory, "gateway")
    for _ in range(5):
        supervisor.check()
        clock.now += 60
    assert not owned(directory, "gateway")

    program.symlink_to("/bin/sleep")
    for _ in range(3):
        clock.now += 60
        supervisor.check()

    assert wait_until(lambda: len(owned(directory, "gateway")) == 1, 20)


def test_processes_stop_in_the_reverse_order(directory, supervisor, tmp_path):
    order = tmp_path / "order"
    for name in ("worker-1", "services", "gateway"):
        supervisor.start(Command(name, [sys.executable, "-c", OBEDIENT, str(order), name], os.environ))
    for name in ("worker-1", "services", "gateway"):
        assert wait_until(lambda name=name: "up" in directory.log(name).read_text(), 10)

    supervisor.stop()

    assert order.read_text().split() == ["gateway", "services", "worker-1"]
    assert list(directory.pids.iterdir()) == []


def test_a_second_wish_to_stop_hastens_it(directory, supervisor):
    supervisor.start(Command("worker-1", [sys.executable, "-c", STUBBORN], os.environ, patience=60))
    assert wait_until(lambda: "up" in directory.log("worker-1").read_text(), 10)

    supervisor.stop(hurry=lambda: True)

    assert owned(directory) == []


def test_what_outlives_its_patience_is_killed(directory):
    supervisor = Supervisor(directory)
    supervisor.start(Command("worker-1", [sys.executable, "-c", STUBBORN], os.environ, patience=0.2))
    assert wait_until(lambda: "up" in directory.log("worker-1").read_text(), 10)

    supervisor.stop()

    assert owned(directory) == []


def check_for_long(supervisor, clock):
    for _ in range(200):
        supervisor.check()
        clock.now += 1
        time.sleep(0.02)


def sleeper(name):
    return Command(name, ["sleep", "60"], os.environ)


def pid(directory, name):
    return int(directory.pid(name).read_text())


def kill(directory, name):
    """Kill it and wait until it is dead, but leave it to the supervisor to notice."""
    os.kill(pid(directory, name), signal.SIGKILL)
    os.waitid(os.P_PID, pid(directory, name), os.WEXITED | os.WNOWAIT)
