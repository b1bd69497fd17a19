"""`punctual secrets`: the passwords and keys of an installation, made once, each for those who need it.

A file holds one setting's whole value, for the variable of the same name with `_FILE`. It belongs to root and may be
read by one group, which only the processes that need it are members of.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from punctual.kit.settings import SERVICES

FIRST_GROUP = 20000
# In this order, so that a service keeps its number when more come.
GROUPS = ("migrate", "broker", "dashboard", "worker", *SERVICES)
FOLDERS = ("punctual", "postgres", "rabbitmq", "grafana")
RABBITMQ_USER = "punctual"
Make = Callable[[], str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and whom the URLs lead to."""
    parser.add_argument("--directory", type=Path, default=Path("/run/secrets"))
    parser.add_argument("--postgres", default="postgres", help="host of PostgreSQL (default: postgres)")
    parser.add_argument("--rabbitmq", default="rabbitmq", help="host of RabbitMQ (default: rabbitmq)")


def run(arguments: argparse.Namespace) -> int:
    """Make what is missing, leave what is there; 1 with a message when that can't be."""
    try:
        made = [path.name for path, text, group in wanted(arguments) if _make(path, text, group)]
    except OSError as error:
        print(f"punctual: {error.filename}: {error.strerror}. Run it as root, on folders that exist.", file=sys.stderr)
        return 1
    print(f"Made {', '.join(made)}." if made else "All secrets are there.")
    return 0


def group(name: str) -> int:
    """The number of the group whose members may read what `name` needs."""
    return FIRST_GROUP + GROUPS.index(name)


def wanted(arguments: argparse.Namespace) -> Iterator[tuple[Path, Make, int | None]]:
    """Each file, what makes its content, and the group that may read it."""
    own, postgres, rabbitmq, grafana = (arguments.directory / name for name in FOLDERS)
    yield postgres / "password", _password, None
    if grafana.is_dir():
        yield grafana / "admin_password", _password, None
    yield rabbitmq / "rabbitmq.conf", _rabbitmq, None

    def admin_url() -> str:
        return f"postgresql://postgres:{(postgres / 'password').read_text()}@{arguments.postgres}/postgres"

    def amqp_url() -> str:
        password = (rabbitmq / "rabbitmq.conf").read_text().split("default_pass = ")[1].split()[0]
        return f"amqp://{RABBITMQ_USER}:{password}@{arguments.rabbitmq}:5672"

    yield own / "database_admin_url", admin_url, group("migrate")
    yield own / "amqp_url", amqp_url, group("broker")
    yield own / "session_key", _password, group("dashboard")
    for service in SERVICES:
        for kind, reader in (("owner", "migrate"), ("writer", "worker"), ("reader", service)):
            yield own / f"{service}_{kind}_url", _role_url(service, kind, arguments.postgres), group(reader)


def _role_url(service: str, kind: str, host: str) -> Make:
    return lambda: f"postgresql://{service}_{kind}:{_password()}@{host}/{service}_db"


def _password() -> str:
    return secrets.token_urlsafe(32)


def _rabbitmq() -> str:
    return f"default_user = {RABBITMQ_USER}\ndefault_pass = {_password()}"


def _make(path: Path, text: Make, group: int | None) -> bool:
    """Write a file that isn't there, whole or not at all. Without a group it is its folder that keeps others out."""
    if path.exists():
        return False
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    draft.write_text(text())
    if group is not None:
        os.chown(draft, 0, group)
    draft.chmod(0o444 if group is None else 0o440)
    draft.replace(path)
    return True
