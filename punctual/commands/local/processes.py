"""Processes of a stack: starting them marked as its own, and finding what a former life left behind.

The mark is in their environment, where /proc shows it; it tells a stack's own process from a stranger
that was given the same number later.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from punctual.commands.local.directory import Directory, write_whole

DIRECTORY_MARK = "PUNCTUAL_LOCAL_DIRECTORY"
NAME_MARK = "PUNCTUAL_LOCAL_PROCESS"

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Account:
    """The account a process runs as, where it is not the caller's own."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Command:
    """A process of the stack that is nothing but its command line and environment."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 25.0

    def launch(self, directory: Directory) -> subprocess.Popen[bytes]:
        return spawn(directory, self.name, self.arguments, self.environment)


def spawn(
    directory: Directory,
    name: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    account: Account | None = None,
    working_directory: Path | None = None,
    on_parent_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process with its output appended to its log and its number in its pid file.

    It has a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone.
    """
    marks = {DIRECTORY_MARK: str(directory.root), NAME_MARK: name}
    with directory.log(name).open("ab") as log:
        process = subprocess.Popen(
            [*ending_with_parent(on_parent_death), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**environment, **marks},
            cwd=working_directory,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    write_whole(directory.pid(name), f"{process.pid}\n")
    return process


def owned(directory: Directory, name: str | None = None) -> list[int]:
    """Living processes that this stack started (under this name), whoever their parent is now."""
    marks = {f"{DIRECTORY_MARK}={directory.root}".encode()}
    if name:
        marks.add(f"{NAME_MARK}={name}".encode())
    return [pid for pid in living() if pid != os.getpid() and marks <= _environment(pid)]


def living() -> list[int]:
    """The numbers of all processes of this machine."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def end(
    find: Callable[[], list[int]],
    first: signal.Signals = signal.SIGTERM,
    patience: float = 10.0,
    pause: Pause = time.sleep,
) -> bool:
    """End all processes that `find` finds: ask first, then insist. Whether there were any.

    They are looked for again before each signal: a number may have been given to a stranger meanwhile.
    """
    found = find()

    def ended() -> bool:
        return not find() and all(map(gone, found))

    _signal(found, first)
    if found and not wait_until(ended, patience, pause):
        _signal(find(), signal.SIGKILL)
        wait_until(ended, 10, pause)
    return bool(found)


def gone(pid: int) -> bool:
    """Whether a process has let go of everything, its ports too: what is dying loses its environment before them."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def how_it_ended(returncode: int) -> str:
    """`exited with status 1` or `was killed by SIGKILL`."""
    if returncode >= 0:
        return f"exited with status {returncode}"
    try:
        return f"was killed by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"was killed by signal {-returncode}"


def wait_until(condition: Callable[[], bool], timeout: float, pause: Pause = time.sleep) -> bool:
    """Whether the condition came true in time. `pause` may raise to give up earlier."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause(0.03)
    return True


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _environment(pid: int) -> set[bytes]:
    try:
        return set(Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"))
    except OSError:
        return set()


def ending_with_parent(number: signal.Signals) -> list[str]:
    """What goes before a command for the kernel to signal it when its parent dies, even by kill -9.

    The kernel takes the starting thread for the parent, so only the main thread, which lives as long as
    the process, may ask for it.
    """
    if threading.current_thread() is threading.main_thread() and _knows_death_signals():
        return ["setpriv", "--pdeathsig", number.name.removeprefix("SIG"), "--"]
    return []


@cache
def _knows_death_signals() -> bool:
    if not shutil.which("setpriv"):
        return False
    attempt = ["setpriv", "--pdeathsig", "TERM", "--", "true"]
    return subprocess.run(attempt, capture_output=True, check=False).returncode == 0
