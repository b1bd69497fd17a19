"""Punctual past one machine: nodes of RabbitMQ, several of each worker, two processes of each service."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from punctual.commands.local import databases, environment, lineup
from punctual.commands.local.ports import Ports
from punctual.commands.local.processes import Command
from punctual.kit.settings import BEHIND_THE_GATEWAY
from tests.support.cluster import Cluster, empty_folder
from tests.support.nodes import Node, Nodes

WORKERS, SCHEDULERS, REPLICAS = 3, 2, 2


class Fleet(Cluster):
    """Processes by name; the nodes of RabbitMQ by theirs."""

    def __init__(self, root: Path, **settings: str) -> None:
        super().__init__(root, PUNCTUAL_QUORUM_QUEUES="on", **settings)
        self._nodes = Nodes(self.directory)
        self.rabbitmq = self._nodes.all[0]

    @property
    def nodes(self) -> dict[str, Node]:
        """The nodes of RabbitMQ."""
        return {node.name: node for node in self._nodes.all}

    def _start_servers(self) -> None:
        self.postgres.start()
        databases.create(self.postgres)
        self._nodes.start()

    def _stop_servers(self) -> None:
        self._nodes.stop()
        self.postgres.kill()

    def _assemble(self, given: dict[str, str]) -> dict[str, str]:
        ports = Ports(self.directory.ports)
        for service in BEHIND_THE_GATEWAY:
            urls = [f"http://127.0.0.1:{ports.free(f'{service}-{number}')}" for number in range(1, REPLICAS + 1)]
            given[f"PUNCTUAL_URL_{service.upper()}"] = ",".join(urls)
        given["PUNCTUAL_AMQP_URL"] = self._nodes.urls
        return environment.assemble(self.directory, given, self.postgres, None)

    def _lineup(self) -> list[Command]:
        usual = {command.name: command for tier in lineup.commands(self.variables) for command in tier}
        return [
            usual["mail-catcher"],
            *(self._process(f"worker-{each}", "work") for each in range(1, WORKERS + 1)),
            *(self._process(f"mail-worker-{each}", "work", "--queues", "mail") for each in range(1, WORKERS + 1)),
            *(self._process(f"scheduler-{each}", "schedule") for each in range(1, SCHEDULERS + 1)),
            *(self._replica(service, number) for service in BEHIND_THE_GATEWAY for number in range(REPLICAS)),
            usual["gateway"],
        ]

    def _replica(self, service: str, number: int) -> Command:
        variable = f"PUNCTUAL_URL_{service.upper()}"
        own = {variable: self.variables[variable].split(",")[number]}
        return self._process(f"{service}-{number + 1}", "serve", service, **own)

    def _process(self, name: str, *arguments: str, **own: str) -> Command:
        return Command(name, [sys.executable, "-m", "punctual", *arguments], {**self.variables, **own})


@contextlib.contextmanager
def fresh_fleet(name: str, **settings: str) -> Iterator[Fleet]:
    """A fleet on empty data, ended at the end."""
    with empty_folder(name) as root:
        fleet = Fleet(root, **settings)
        try:
            fleet.start()
            yield fleet
        finally:
            fleet.stop()
