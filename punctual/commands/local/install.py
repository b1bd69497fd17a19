"""Gets the servers' programs onto this machine, or says how."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from punctual.commands.local import programs
from punctual.commands.local.console import say
from punctual.commands.local.errors import LocalError
from punctual.commands.local.logs import tail

Run = Callable[[Sequence[str]], int]
POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_MARK = "made by Punctual for the time of one installation"


def ensure(log: Path, *, postgresql: bool, rabbitmq: bool) -> None:
    """Have the programs that are wanted, with apt where that is possible. Raises LocalError."""
    if missing := _missing(postgresql=postgresql, rabbitmq=rabbitmq):
        install(missing, privileges(), partial(_run, log), log)
        if still_missing := _missing(postgresql=postgresql, rabbitmq=rabbitmq):
            raise LocalError(by_hand(still_missing, "apt-get installed them, but their programs are not found."))


def install(packages: Sequence[str], become_root: Sequence[str] | None, run: Run, log: Path) -> None:
    """Install Debian packages. `become_root` goes before each command; None: there is no way.

    Raises LocalError, with what to do by hand.
    """
    if become_root is None:
        raise LocalError(by_hand(packages, "They can't be installed from here: it takes apt-get, and root or sudo."))
    say(f"Installing {' and '.join(packages)} with apt-get; its words go to {log} ...")
    get = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]
    with _services_kept_off(become_root, run):
        # An outdated index is the common reason for a failing install, an unreachable mirror among many
        # no reason to give up: only the second command's outcome counts.
        run([*get, "update"])
        status = run([*get, "install", "--yes", "--no-install-recommends", *packages])
    if status:
        raise LocalError(by_hand(packages, f"apt-get install ended with status {status}:\n{tail(log)}"))


def privileges() -> list[str] | None:
    """What makes a command run as root here, or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _run_quietly(["sudo", "--non-interactive", "true"]) == 0:
        return ["sudo", "--non-interactive"]
    return None


def by_hand(packages: Sequence[str], reason: str) -> str:
    """The message for whoever has to do it."""
    names = " ".join(packages)
    return (
        f"These programs are missing: {', '.join(packages)}. {reason}\n"
        f"  Debian, Ubuntu:  sudo apt-get install --no-install-recommends {names}\n"
        f"  Fedora:          sudo dnf install {names}\n"
        "  With containers: docker compose up\n"
        "  Or name servers you have: PUNCTUAL_DATABASE_URL_AUTH (and each other service), PUNCTUAL_AMQP_URL"
    )


@contextlib.contextmanager
def _services_kept_off(become_root: Sequence[str], run: Run) -> Iterator[None]:
    """Debian starts what it installs unless this file forbids it; a file that is there already is obeyed."""
    if POLICY.exists() and POLICY_MARK not in POLICY.read_text():
        yield
        return
    script = f"printf '#!/bin/sh\\n# {POLICY_MARK}\\nexit 101\\n' > {POLICY} && chmod 755 {POLICY}"
    run([*become_root, "sh", "-c", script])
    try:
        yield
    finally:
        run([*become_root, "rm", "-f", str(POLICY)])


def _missing(*, postgresql: bool, rabbitmq: bool) -> list[str]:
    return [
        package
        for package, wanted, find in (
            ("postgresql", postgresql, programs.postgresql),
            ("rabbitmq-server", rabbitmq, programs.rabbitmq),
        )
        if wanted and not find()
    ]


def _run(log: Path, command: Sequence[str]) -> int:
    with log.open("ab") as output:
        return subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output).returncode


def _run_quietly(command: Sequence[str]) -> int:
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True).returncode
