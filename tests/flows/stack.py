"""Punctual as `make run` starts it, in a folder of its own."""

import contextlib
import email
import email.policy
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg2

from punctual.commands.local.directory import Directory
from punctual.commands.local.ports import Ports
from punctual.commands.local.postgres import PostgreSQL
from punctual.commands.local.processes import ending_with_parent
from tests.deployment.live.stack import Compose

ROOT = Path(__file__).parents[2]


class Stack:
    """One local stack. It can be stopped and started again on the same data."""

    def __init__(self, root: Path, **settings: str) -> None:
        self.root = root
        self.directory = Directory.open(root)
        self.port = Ports(root / "gateway-port.json").free("gateway")
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start everything; the seconds until it was ready."""
        began = time.monotonic()
        mine = {name: text for name, text in os.environ.items() if not name.startswith("PUNCTUAL_")}
        said = self.root / "stack.log"
        with said.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *ending_with_parent(signal.SIGTERM),
                    sys.executable,
                    "-m",
                    "punctual",
                    "local",
                    "--directory",
                    self.root,
                ],
                env={**mine, "PUNCTUAL_PORT": str(self.port), **self._settings},
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        while "Punctual is ready" not in said.read_text():
            assert self._process.poll() is None, said.read_text()
            assert time.monotonic() - began < 120, said.read_text()
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self) -> None:
        """Ctrl-C, and wait until all is down."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)

    def mail(self, to: str) -> list[EmailMessage]:
        """What the mail catcher caught for an address, oldest first."""
        caught = []
        for path in sorted((self.root / "mail").glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if to in str(message["To"]):
                caught.append(message)
        return caught

    def variables(self) -> dict[str, str]:
        """The environment that the processes run in."""
        lines = (self.root / "environment").read_text().splitlines()
        return dict(line.partition("=")[::2] for line in lines if "=" in line)

    def sql(self, service: str, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Look into a service's database, or set a scene there that time would."""
        with contextlib.closing(psycopg2.connect(self.variables()[f"PUNCTUAL_DATABASE_URL_{service.upper()}"])) as db:
            db.autocommit = True
            with db.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def database_alone(self) -> Iterator[None]:
        """The stack is down, only its PostgreSQL runs."""
        postgres = PostgreSQL(self.directory)
        postgres.start()
        try:
            yield
        finally:
            postgres.stop()


@contextlib.contextmanager
def fresh_stack(name: str, **settings: str) -> Iterator[Stack | Compose]:
    """A stack on empty data, ended and swept away at the end; or the containers that run already."""
    if os.environ.get("PUNCTUAL_TEST_STACK") == "compose":
        yield running_containers(
            int(settings.get("PUNCTUAL_WORKERS", "1")), int(settings.get("PUNCTUAL_SCHEDULERS", "1"))
        )
        return
    root = ROOT / ".local" / name
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    stack = Stack(root, **settings)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def running_containers(workers: int, schedulers: int) -> Compose:
    """What `deployment/check` has started, with so many of each."""
    containers = Compose(version=os.environ["PUNCTUAL_VERSION"])
    containers.up(**{"worker": workers, "scheduler": schedulers, "mail-catcher": 1})
    return containers
