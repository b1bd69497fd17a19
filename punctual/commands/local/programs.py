"""Where this machine keeps PostgreSQL's and RabbitMQ's programs."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

POSTGRESQL_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian, Ubuntu
    ("/usr", "pgsql-*/bin"),  # PostgreSQL's own packages for Fedora and its kin
    ("/usr/local", "pgsql/bin"),
)

# The program in /usr/sbin is Debian's wrapper: it insists on the account rabbitmq and its folders.
RABBITMQ_PROGRAMS = (
    ("/usr/lib/rabbitmq", "bin/rabbitmq-server"),
    ("/usr/lib/rabbitmq", "lib/rabbitmq_server-*/sbin/rabbitmq-server"),
    ("/opt", "rabbitmq_server-*/sbin/rabbitmq-server"),
    ("/usr/local/lib", "rabbitmq_server-*/sbin/rabbitmq-server"),
)


def postgresql(version: str | None = None) -> Path | None:
    """The folder with `postgres` and `initdb`: of this major version, or the newest."""
    folders = {_version(folder): folder for folder in _postgresql_folders()}
    folders.pop(None, None)
    if version:
        return folders.get(int(version))
    return folders[max(filter(None, folders))] if folders else None


def rabbitmq() -> Path | None:
    """The program `rabbitmq-server` itself."""
    for folder, pattern in RABBITMQ_PROGRAMS:
        for program in sorted(Path(folder).glob(pattern), reverse=True):
            return program
    return None


def _postgresql_folders() -> Iterator[Path]:
    for folder, pattern in POSTGRESQL_FOLDERS:
        yield from Path(folder).glob(pattern)
    found = shutil.which("postgres")
    if found:
        yield Path(found).resolve().parent


def _version(folder: Path) -> int | None:
    if not (folder / "initdb").exists() or not (folder / "postgres").exists():
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+", answer.stdout)
    return int(found[0]) if found else None
