"""A whole Punctual in processes of its own, on servers of its own, each to be killed, frozen and started again."""

import contextlib
import itertools
import os
import shutil
import signal
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from http.client import HTTPException
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.request import urlopen

import pika
import psycopg2

from punctual.commands.local import databases, environment, lineup
from punctual.commands.local.directory import Directory, InUse
from punctual.commands.local.gateway import Gateway
from punctual.commands.local.ports import Ports
from punctual.commands.local.postgres import PostgreSQL
from punctual.commands.local.processes import Command, end, owned, wait_until
from punctual.commands.local.rabbitmq import RabbitMQ
from punctual.kit.settings import BEHIND_THE_GATEWAY, SERVICES
from tests.support import node_tools

ROOT = Path(__file__).parents[2]
LAST_WORDS = 20


class Cluster:
    """Processes by name. Everything is started by the main thread, because it all ends with whoever started it."""

    def __init__(self, root: Path, **settings: str) -> None:
        self.directory = Directory.open(root)
        self.postgres = PostgreSQL(self.directory)
        self.rabbitmq = RabbitMQ(self.directory)
        self._settings = settings
        self._commands: dict[str, Command] = {}
        self._processes: dict[str, Popen[bytes]] = {}

    def start(self, *, idle: Collection[str] = ()) -> None:
        """Servers, databases, topology, processes but for the `idle` ones, readiness."""
        self._start_servers()
        port = Ports(self.directory.ports).free("gateway")
        mine = {name: text for name, text in os.environ.items() if not name.startswith("PUNCTUAL_")}
        given = {
            **mine,
            "PUNCTUAL_PORT": str(port),
            "PUNCTUAL_PUBLIC_URL": f"http://localhost:{port}",
            "PYTHONUNBUFFERED": "1",
            **self._settings,
        }
        self.variables = self._assemble(given)
        migration = lineup.migration(self.variables).launch(self.directory)
        assert migration.wait(60) == 0, self.directory.log("migrate").read_text()
        self._commands = {command.name: command for command in self._lineup()}
        self.revive(*(name for name in self._commands if name not in idle))
        self.wait_until_ready()

    def stop(self) -> None:
        """End all of it."""
        for process in self._processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
        self._processes.clear()
        self._stop_servers()

    def _start_servers(self) -> None:
        self.rabbitmq.launch()
        self.postgres.start()
        databases.create(self.postgres)
        self.rabbitmq.start()

    def _stop_servers(self) -> None:
        self.rabbitmq.kill()
        self.postgres.kill()

    def _assemble(self, given: dict[str, str]) -> dict[str, str]:
        return environment.assemble(self.directory, given, self.postgres, self.rabbitmq)

    def _lineup(self) -> list[Command]:
        return [command for tier in lineup.commands(self.variables) for command in tier]

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        return f"http://127.0.0.1:{self.variables['PUNCTUAL_PORT']}"

    @property
    def names(self) -> list[str]:
        """Every running process but the mail catcher, which stands for somebody else's server."""
        return [name for name in self._processes if name != "mail-catcher"]

    def pid(self, name: str) -> int:
        """The number of a running process."""
        return self._processes[name].pid

    def kill(self, *names: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End processes by a signal and wait for it."""
        for name in names:
            self._processes[name].send_signal(number)
        for name in names:
            self._processes.pop(name).wait(40)

    def revive(self, *names: str, **settings: str) -> None:
        """Start processes that don't run; `settings` replace variables of theirs from now on."""
        for name in names:
            self._processes[name] = self._launch(name, settings)

    def _launch(self, name: str, settings: dict[str, str]) -> Popen[bytes]:
        command = self._commands[name]
        command = replace(command, environment={**command.environment, **settings})
        self._commands[name] = command
        return command.launch(self.directory)

    def dead(self) -> dict[str, list[str]]:
        """Processes that ended although nobody killed them, and their last words."""
        names = [name for name, process in self._processes.items() if process.poll() is not None]
        return {name: self.directory.log(name).read_text().splitlines()[-LAST_WORDS:] for name in names}

    def wait_until_ready(self, within: float = 60.0) -> None:
        """The gateway and every service say that what they need answers."""
        gateway = Gateway(self.variables)
        # The gateway remembers for a second what it was told, also of a process that was just killed.
        services = [self.variables[f"PUNCTUAL_URL_{name.upper()}"].split(",") for name in BEHIND_THE_GATEWAY]

        def ready() -> bool:
            return gateway.ready() and all(any(map(_says_ready, urls)) for urls in services)

        assert wait_until(ready, within), gateway.answer

    @contextlib.contextmanager
    def frozen(self, find: Callable[[], list[int]]) -> Iterator[None]:
        """Processes that are there and don't answer (SIGSTOP)."""
        pids = find()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def sql(self, service: str, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Look into a service's database, or set a scene there that time would."""
        with contextlib.closing(psycopg2.connect(self.variables[f"PUNCTUAL_DATABASE_URL_{service.upper()}"])) as db:
            db.autocommit = True
            with db.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def channel(self) -> Iterator[Any]:
        """A channel of the broker, with confirms."""
        with contextlib.closing(pika.BlockingConnection(pika.URLParameters(self.rabbitmq.url))) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            yield channel

    def rabbitmqctl(self, *arguments: str) -> str:
        """What the node's own tool answers."""
        return node_tools.rabbitmqctl(self.rabbitmq, *arguments)

    def waiting(self) -> dict[str, int]:
        """How many messages are in each durable queue that isn't empty: ready, at work, delayed or dead."""
        return node_tools.waiting(self.rabbitmq)

    def unpublished(self) -> dict[str, int]:
        """How many rows are left in each outbox that isn't empty."""
        counts = {service: self.sql(service, "SELECT count(*) FROM outbox")[0][0] for service in SERVICES}
        return {service: count for service, count in counts.items() if count}

    def dead_letters(self) -> list[tuple[Any, ...]]:
        """What was given up: service, actor and error."""
        return [
            (service, *row) for service in SERVICES for row in self.sql(service, "SELECT actor, error FROM dead_letter")
        ]


def _says_ready(url: str) -> bool:
    try:
        with urlopen(f"{url}/health/ready", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (OSError, HTTPException):
        return False


@contextlib.contextmanager
def fresh_cluster(name: str, *, idle: Collection[str] = (), **settings: str) -> Iterator[Cluster]:
    """A cluster on empty data, ended at the end. Its folder stays for whoever wants to read the logs."""
    with empty_folder(name) as root:
        cluster = Cluster(root, **settings)
        try:
            cluster.start(idle=idle)
            yield cluster
        finally:
            cluster.stop()


@contextlib.contextmanager
def empty_folder(name: str) -> Iterator[Path]:
    """An empty folder that no other run of the tests uses."""
    for number in itertools.count(1):
        directory = Directory.open(ROOT / ".local" / f"{name}-{number}")
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(directory.lock())
            except InUse:
                continue
            end(partial(owned, directory))
            PostgreSQL(directory).kill()
            for entry in directory.root.iterdir():
                if entry.is_dir():
                    shutil.rmtree(entry)
                elif entry.name != "lock":
                    entry.unlink()
            yield directory.root
            return
