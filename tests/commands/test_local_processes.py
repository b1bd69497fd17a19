"""Starting, finding and ending processes, with real ones."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from punctual.commands.local.processes import end, how_it_ended, owned, spawn, wait_until

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
while True: time.sleep(60)
"""
SLOW = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), sys.exit(0)))
print("up", flush=True)
time.sleep(60)
"""
PARENT = """
import sys, time
from pathlib import Path
from punctual.commands.local.directory import Directory
from punctual.commands.local.processes import spawn
child = spawn(Directory(Path(sys.argv[1])), "child", ["sleep", "60"], {"PATH": "/usr/bin:/bin"})
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_process_writes_its_log_and_its_number(directory):
    process = spawn(directory, "gateway", SLEEP, os.environ)

    assert wait_until(lambda: directory.log("gateway").read_text() == "up\n", 20)
    assert directory.pid("gateway").read_text() == f"{process.pid}\n"
    finish(process)


def test_a_log_is_continued_not_begun_anew(directory):
    directory.log("gateway").write_text("yesterday\n")

    spawn(directory, "gateway", ["echo", "today"], os.environ).wait()

    assert directory.log("gateway").read_text() == "yesterday\ntoday\n"


def test_only_processes_of_this_folder_and_name_are_owned(directory):
    ours = spawn(directory, "gateway", ["sleep", "60"], os.environ)
    other = spawn(directory, "services", ["sleep", "60"], os.environ)
    stranger = subprocess.Popen(["/bin/sleep", "60"])

    assert wait_until(lambda: sorted(owned(directory)) == sorted([ours.pid, other.pid]), 20)
    assert owned(directory, "gateway") == [ours.pid]
    finish(ours, other, stranger)


def test_children_of_a_dead_process_are_found(directory):
    process = spawn(directory, "gateway", ["sh", "-c", "sleep 60 & sleep 60"], os.environ)
    assert wait_until(lambda: len(owned(directory, "gateway")) == 3, 20)

    process.kill()
    process.wait()

    assert end(lambda: owned(directory, "gateway"))
    assert owned(directory, "gateway") == []


def test_what_ignores_the_request_to_end_is_killed(directory):
    process = spawn(directory, "gateway", [sys.executable, "-c", STUBBORN], os.environ)
    assert wait_until(lambda: directory.log("gateway").read_text() == "up\n", 20)

    end(lambda: owned(directory), patience=0.2)

    assert process.wait() == -signal.SIGKILL


def test_what_is_dying_has_ended_only_when_it_is_gone(directory):
    process = spawn(directory, "gateway", [sys.executable, "-c", SLOW], os.environ)
    assert wait_until(lambda: directory.log("gateway").read_text() == "up\n", 20)
    # A process that dies can't be told from a stranger any more.
    findable = [[process.pid]]

    end(lambda: findable.pop() if findable else [], patience=10)

    assert process.poll() == 0


def test_ending_nothing_says_so(directory):
    assert not end(lambda: owned(directory))


def test_a_child_ends_with_its_parent_even_when_that_is_killed(directory):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(directory.root)], stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert wait_until(lambda: owned(directory) == [child], 20)

        parent.kill()

        assert wait_until(lambda: owned(directory) == [], 20)


def test_a_child_started_in_a_thread_outlives_the_thread(directory):
    started = []
    thread = threading.Thread(target=lambda: started.append(spawn(directory, "child", ["sleep", "60"], os.environ)))
    thread.start()
    thread.join()

    time.sleep(0.1)  # what the kernel would do at the thread's end, it would have done by now
    assert started[0].poll() is None
    finish(*started)


@pytest.mark.parametrize(
    ("returncode", "words"),
    [
        (0, "exited with status 0"),
        (3, "exited with status 3"),
        (-9, "was killed by SIGKILL"),
        (-40, "was killed by signal 40"),
    ],
)
def test_a_death_is_told_in_words(returncode, words):
    assert how_it_ended(returncode) == words


def finish(*processes):
    for process in processes:
        process.kill()
        process.wait()
