"""The folder and the account of a private PostgreSQL, which refuses to run as root."""

import hashlib
import hmac
import os
import pwd
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from punctual.commands.local.console import say
from punctual.commands.local.errors import LocalError
from punctual.commands.local.processes import Account, living

SUPERUSER = "postgres"
ELSEWHERE = Path("/var/lib")


@cache
def account() -> Account | None:
    """Whom the server runs as when we are root; otherwise ourselves (None). Raises LocalError."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise LocalError("PostgreSQL refuses to run as root, and there is no account postgres: make one, or don't be root.")


def make(home: Path) -> None:
    """Have a private folder at this path that the server's account can enter.

    Where a folder above is closed to that account (/root, say) the path becomes a link to a folder outside.
    """
    if home.exists():
        return
    home.unlink(missing_ok=True)  # a link whose folder is gone
    owner = account()
    if not owner:
        home.mkdir(mode=0o700)
        return
    if _may_enter(owner, home.parent):
        home.mkdir(mode=0o700)
        os.chown(home, owner.uid, owner.gid)
        return
    outside = Path(tempfile.mkdtemp(prefix="punctual-", dir=ELSEWHERE))
    os.chown(outside, owner.uid, owner.gid)
    home.symlink_to(outside)
    say(f"PostgreSQL's account may not enter {home.parent}: its data lies in {outside}, linked from {home}.")


def processes_in(data: Path) -> list[int]:
    """Living PostgreSQL processes that work on this data.

    The server's folder stands in its command line, which anyone may read; that of its children is their
    working directory, which even root may not read everywhere (in containers, for instance).
    """
    folder = str(data.resolve())
    return [pid for pid in living() if _works_in(pid, folder)]


def drop_stale_locks(home: Path, data: Path) -> None:
    """Remove the lock files of a dead server, at which PostgreSQL would stop.

    It takes a server for alive when its number is: that of a stranger, or of a corpse that nobody buries.
    While children of a dead server still hold its memory the files stay, for PostgreSQL to refuse.
    """
    if processes_in(data) or _memory_is_held(data):
        return
    for lock in (data / "postmaster.pid", *home.glob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)


def _memory_is_held(data: Path) -> bool:
    """Whether somebody is attached to the shared memory that the lock file names by its key and number."""
    try:
        number = (data / "postmaster.pid").read_text().splitlines()[6].split()[1]
        segments = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()]
    except (OSError, IndexError):
        return False
    return any(segment[1] == number and segment[6] != "0" for segment in segments)


def password_of(role: str, secret: str) -> str:
    """The password of a role: its own, and the same at each start; the superuser's is the secret itself."""
    if role == SUPERUSER:
        return secret
    return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()[:48]


def _may_enter(owner: Account, folder: Path) -> bool:
    attempt = ["test", "-x", str(folder)]
    answer = subprocess.run(attempt, check=False, cwd="/", user=owner.uid, group=owner.gid, extra_groups=[])
    return answer.returncode == 0


def _works_in(pid: int, folder: str) -> bool:
    try:
        if Path(f"/proc/{pid}/cwd").readlink() == Path(folder):
            return Path(f"/proc/{pid}/comm").read_text().startswith("postgres")
    except OSError:
        pass
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"-D" in arguments and folder.encode() in arguments
