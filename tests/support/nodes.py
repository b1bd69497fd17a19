"""Three private RabbitMQ nodes as one cluster on this machine, each to be killed and started again."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from punctual.commands.local.directory import Directory
from punctual.commands.local.ports import Ports
from punctual.commands.local.processes import spawn
from punctual.commands.local.rabbitmq import RabbitMQ

NODES = 3
FORMATION = """\
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.randomized_startup_delay_range.min = 0
cluster_formation.randomized_startup_delay_range.max = 1
cluster_partition_handling = pause_minority
"""


class Node(RabbitMQ):
    """One of the nodes. They share the secrets of the first, and its registry of names (epmd)."""

    def __init__(self, directory: Directory, number: int) -> None:
        self.number = number
        self.name = f"rabbitmq-{number}"
        super().__init__(directory)

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it; it finds the others by its configuration."""
        self._prepare()
        (self.home / "conf.d").mkdir(exist_ok=True)
        lines = [
            f"cluster_formation.classic_config.nodes.{number} = {self._node(number)}\n"
            for number in range(1, NODES + 1)
        ]
        (self.home / "conf.d" / "cluster.conf").write_text(FORMATION + "".join(lines))
        return super().launch()

    def _prepare(self) -> None:
        first = self.directory.root / "rabbitmq-1"
        if self.number > 1 and not self.home.exists():
            self.home.mkdir(mode=0o700)
            for name in ("password", ".erlang.cookie"):
                shutil.copy(first / name, self.home)
        super()._prepare()

    def _environment(self) -> dict[str, str]:
        return {
            **super()._environment(),
            "ERL_EPMD_PORT": str(Ports(self.directory.ports).known("shared-epmd")),
            "RABBITMQ_NODENAME": self._node(self.number),
            "RABBITMQ_DIST_PORT": str(self._ports.free(f"{self.name}-distribution")),
        }

    def _node(self, number: int) -> str:
        return f"punctual-{hashlib.sha256(self.password().encode()).hexdigest()[:8]}-{number}@localhost"


class Nodes:
    """All of them, with their registry, which stands for the machine's own and is not killed."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._epmd: subprocess.Popen[bytes] | None = None
        self.all = [Node(directory, number) for number in range(1, NODES + 1)]

    def start(self) -> None:
        """Start them and wait until they answer."""
        port = str(Ports(self._directory.ports).free("shared-epmd"))
        program = shutil.which("epmd") or str(next(Path("/usr/lib/erlang").glob("erts-*/bin/epmd")))
        self._epmd = spawn(
            self._directory, "epmd", [program, "-port", port], {**os.environ, "ERL_EPMD_ADDRESS": "127.0.0.1"}
        )
        # The first alone, so that the others find a cluster to join.
        for node in self.all:
            node.start()

    def stop(self) -> None:
        """End them at once."""
        for node in self.all:
            node.kill()
        if self._epmd:
            self._epmd.kill()
            self._epmd.wait()

    @property
    def urls(self) -> str:
        """What a process is told."""
        return ",".join(node.url for node in self.all)
