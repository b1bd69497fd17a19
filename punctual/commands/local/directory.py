"""The folder of one local stack: what lies where, and who may use it now."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from punctual.commands.local.errors import LocalError


@dataclass(frozen=True, slots=True)
class Directory:
    """Paths of a stack. `root` is absolute."""

    root: Path

    @classmethod
    def open(cls, path: Path) -> "Directory":
        """Make the folder where it is missing. Raises LocalError."""
        directory = cls(path.absolute())
        try:
            _make_enterable(directory.root)
            for folder in (directory.logs, directory.mail, directory.pids):
                folder.mkdir(mode=0o700, exist_ok=True)
            (directory.root / ".gitignore").write_text("*\n")
        except OSError as error:
            raise LocalError(f"Cannot use {directory.root}: {error.strerror}. Choose another --directory.") from None
        return directory

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def pids(self) -> Path:
        return self.root / "pids"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def environment(self) -> Path:
        return self.root / "environment"

    @property
    def ports(self) -> Path:
        return self.root / "ports.json"

    @property
    def metrics(self) -> Path:
        """Where each process tells its metrics, for Prometheus."""
        return self.root / "metrics.json"

    def session_key(self) -> str:
        """What the dashboard encrypts its cookies with: made once, so that a restart signs nobody out."""
        path = self.root / "session-key"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32) + "\n")
        return path.read_text().strip()

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def pid(self, name: str) -> Path:
        return self.pids / f"{name}.pid"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for this process; the kernel lets go of it however the process ends.

        Raises LocalError when another process holds it.
        """
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.read(descriptor, 20).decode().strip() or "unknown"
                raise InUse(self.root, holder) from None
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
            yield
        finally:
            os.close(descriptor)


class InUse(LocalError):
    """Another living process holds the folder."""

    def __init__(self, root: Path, holder: str) -> None:
        super().__init__(
            f"Punctual already runs from {root} (process {holder}). Stop that one first: Ctrl-C where it "
            f"runs, or kill {holder}. A second system beside it takes another --directory and PUNCTUAL_PORT."
        )


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only."""
    write_whole(path, text, 0o600)


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file at once: whoever reads it sees the former text or this one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, int]:
    """The remembered numbers; none when the file is missing or was cut short by a crash."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(name): number for name, number in content.items() if isinstance(number, int)}


def _make_enterable(root: Path) -> None:
    """Others may pass through but not list: PostgreSQL's own user has to reach its folder inside."""
    root.mkdir(parents=True, exist_ok=True)
    if root.is_dir() and not any(root.iterdir()):
        root.chmod(0o711)
