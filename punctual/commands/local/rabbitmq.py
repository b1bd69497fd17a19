"""A private RabbitMQ node: its data under the stack's folder, all of its ports on loopback only."""

import hashlib
import os
import secrets
import signal
import subprocess
from pathlib import Path

from punctual.commands.local import programs, rabbitmq_plugins
from punctual.commands.local.directory import write_private
from punctual.commands.local.errors import LocalError
from punctual.commands.local.ports import answers
from punctual.commands.local.processes import owned, spawn
from punctual.commands.local.server import PrivateServer

USER = "punctual"
CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
default_user = {user}
default_pass = {password}
loopback_users.{user} = true
disk_free_limit.absolute = 50MB
log.console = true
log.console.level = info
log.console.use_colors = off
log.file = false
"""


class RabbitMQ(PrivateServer):
    """The message broker."""

    name = "rabbitmq"
    title = "RabbitMQ"
    stop_signal = signal.SIGTERM
    orphan_signal = signal.SIGTERM
    ready_within = 90.0

    @property
    def url(self) -> str:
        """How to connect."""
        return f"amqp://{USER}:{self.password()}@127.0.0.1:{self.port}"

    def password(self) -> str:
        self._prepare()
        return (self.home / "password").read_text().strip()

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it and don't wait for it. Raises LocalError."""
        program = programs.rabbitmq()
        if not program:
            raise LocalError("RabbitMQ's programs are not installed.")
        self._prepare()
        self.end_leftovers()
        configuration = CONFIGURATION.format(port=self.port, user=USER, password=self.password())
        write_private(self.home / "rabbitmq.conf", configuration)
        environment = self._environment()
        if plugins := rabbitmq_plugins.select(program, self.home / "plugins"):
            environment["RABBITMQ_PLUGINS_DIR"] = str(plugins)
        self._process = spawn(self.directory, self.name, [str(program)], environment, working_directory=self.home)
        return self._process

    def answers(self) -> bool:
        """Whether one can log in now. Raises LocalError when it is there, but refuses its own password."""
        if not answers(self.port):
            return False
        import pika
        from pika.exceptions import AMQPError, ProbableAuthenticationError

        try:
            pika.BlockingConnection(pika.URLParameters(f"{self.url}?socket_timeout=3")).close()
        except ProbableAuthenticationError:
            raise LocalError(
                f"Another RabbitMQ answers on port {self.port}, or its password is not that in "
                f"{self.home}/password. Bring the right file back, or remove {self.home} to begin anew."
            ) from None
        except (AMQPError, OSError, ValueError):
            # ValueError: the connection was gone again before pika looked at it.
            return False
        return True

    def processes(self) -> list[int]:
        return owned(self.directory, self.name)

    def main_process(self) -> list[int]:
        return [pid for pid in self.processes() if _is_node(pid)]

    def _prepare(self) -> None:
        for folder in (self.home, self.home / "data", self.home / "logs"):
            folder.mkdir(mode=0o700, exist_ok=True)
        for name, content in (
            ("password", secrets.token_hex(24)),
            (".erlang.cookie", secrets.token_hex(16)),
            ("enabled_plugins", "[].\n"),
        ):
            if not (self.home / name).exists():
                write_private(self.home / name, content)

    def _environment(self) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
        # Made from the password, so that the node keeps its name, and with it its data, when the folder moves
        suffix = hashlib.sha256(self.password().encode()).hexdigest()[:8]
        return {
            **kept,
            "HOME": str(self.home),
            "ERL_CRASH_DUMP": str(self.home / "erl_crash.dump"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._ports.free("epmd")),
            "RABBITMQ_NODENAME": f"punctual-{suffix}@localhost",
            "RABBITMQ_MNESIA_BASE": str(self.home / "data"),
            "RABBITMQ_LOG_BASE": str(self.home / "logs"),
            "RABBITMQ_CONF_ENV_FILE": str(self.home / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.home / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(self.home / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.home / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "enabled_plugins"),
            "RABBITMQ_DIST_PORT": str(self._ports.free("rabbitmq-distribution")),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # With input allowed the shell becomes the node instead of staying its parent, so that our process
            # is the node itself; the flags take the input away again and leave Ctrl-C to us.
            "RABBITMQ_ALLOW_INPUT": "true",
            "RABBITMQ_SERVER_START_ARGS": "-noinput +B i",
        }


def _is_node(pid: int) -> bool:
    try:
        return "beam" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False
