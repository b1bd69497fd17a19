"""The folder of a stack: its lock, its permissions, its saved environment."""

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from punctual.commands.local import saved_environment
from punctual.commands.local.directory import Directory, InUse, write_private, write_whole
from punctual.commands.local.errors import LocalError

HOLD = """
import sys, time
from pathlib import Path
from punctual.commands.local.directory import Directory
with Directory.open(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_holder_hears_who_holds_the_folder_and_what_to_do(directory):
    with holder(directory) as process:
        with pytest.raises(InUse) as caught, directory.lock():
            pass

        assert f"process {process.pid}" in str(caught.value)
        assert "--directory" in str(caught.value)
        end(process)


def test_a_killed_holder_leaves_no_lock_behind(directory):
    with holder(directory) as process:
        end(process)

        with directory.lock():
            assert (directory.root / "lock").read_text() == f"{os.getpid()}\n"


def test_a_folder_that_cannot_be_used_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(LocalError, match="Choose another --directory"):
        Directory.open(tmp_path / "file")


def test_secrets_are_for_their_owner_only(directory):
    write_private(directory.root / "secret", "s3cret")

    assert stat.S_IMODE((directory.root / "secret").stat().st_mode) == 0o600


def test_whoever_reads_a_file_while_it_is_replaced_sees_all_of_it(directory):
    path = directory.pid("gateway")
    write_whole(path, "1" * 7)
    seen = set()

    with ThreadPoolExecutor(1) as thread:
        writing = thread.submit(lambda: [write_whole(path, str(digit) * 7) for digit in range(10) for _ in range(30)])
        while not writing.done():
            seen.add(path.read_text())

    assert {(len(text), len(set(text))) for text in seen} == {(7, 1)}
    assert [entry.name for entry in directory.pids.iterdir()] == [path.name]


def test_others_may_pass_through_a_new_folder_but_not_list_it(directory):
    new = Directory.open(directory.root / "new")

    assert stat.S_IMODE(new.root.stat().st_mode) == 0o711
    assert stat.S_IMODE(new.mail.stat().st_mode) == 0o700


def test_a_folder_in_use_keeps_its_permissions(directory):
    shared = directory.root / "shared"
    shared.mkdir(mode=0o700)
    (shared / "file").touch()

    Directory.open(shared)

    assert stat.S_IMODE(shared.stat().st_mode) == 0o700


def test_the_environment_of_a_stack_can_be_loaded_by_another_command(directory):
    variables = {
        "PUNCTUAL_AMQP_URL": "amqp://a:b=c@127.0.0.1:1",
        "PUNCTUAL_LOCAL_PROCESS": "x",
        "HOME": "/root",
    }

    saved_environment.write(directory, variables)

    assert saved_environment.load(directory.root) == {"PUNCTUAL_AMQP_URL": "amqp://a:b=c@127.0.0.1:1"}
    assert stat.S_IMODE(directory.environment.stat().st_mode) == 0o600


def test_where_no_stack_ever_ran_there_are_no_variables_to_load(tmp_path):
    assert saved_environment.load(tmp_path) == {}


def holder(directory):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(directory.root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def end(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
