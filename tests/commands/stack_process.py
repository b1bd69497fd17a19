"""A stack of stand-ins in a process of its own, as `make run` is one."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from punctual.commands.local.directory import Directory
from punctual.commands.local.ports import Ports
from punctual.commands.local.processes import wait_until
from punctual.kit.settings import SERVICES

# Servers that the stack is told of and never asks, because the stand-ins don't.
GIVEN = {
    **{f"PUNCTUAL_DATABASE_URL_{service.upper()}": "postgresql://127.0.0.1:1/x" for service in SERVICES},
    "PUNCTUAL_AMQP_URL": "amqp://127.0.0.1:1",
    "PUNCTUAL_SMTP_URL": "smtp://127.0.0.1:1",
}


class StackProcess:
    """Started at once; `said` is what it printed so far."""

    def __init__(self, directory: Directory, given: dict[str, str], port: int | None = None):
        self.directory = directory
        self.port = port or Ports(directory.root / "gateway-port.json").free("gateway")
        mine = {name: text for name, text in os.environ.items() if not name.startswith("PUNCTUAL_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.commands.stand_ins", "stack", str(directory.root)],
            env={**mine, **given, "PUNCTUAL_PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.wait()

    @property
    def said(self):
        return "".join(self._lines)

    def expect(self, text: str, within: float = 60.0):
        """Wait until it printed this."""
        wait_until(lambda: text in self.said or self.process.poll() is not None, within)
        assert text in self.said, self.said or "It said nothing."

    def wait(self):
        """Its exit status, once it ended by itself or by a signal."""
        status = self.process.wait(60)
        self._reader.join()
        self.process.stdout.close()
        return status

    def interrupt(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.wait()

    def pid(self, name):
        return int(self.directory.pid(name).read_text())

    def _read(self):
        for line in self.process.stdout:
            self._lines.append(line)
