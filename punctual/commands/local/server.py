"""What the private servers have in common: start, wait, stop and kill, whoever started them."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from punctual.commands.local.directory import Directory
from punctual.commands.local.errors import LocalError
from punctual.commands.local.logs import tail
from punctual.commands.local.ports import Ports
from punctual.commands.local.processes import Pause, end, how_it_ended, wait_until


class PrivateServer(ABC):
    """The server of one folder. Any instance for that folder controls it, also after a crash of its starter.

    Only the main thread should start it: it ends with the thread that started it.
    """

    name: str
    title: str
    stop_signal: signal.Signals
    orphan_signal: signal.Signals
    patience = 20.0
    ready_within: float

    def __init__(self, directory: Directory | Path, port: int | None = None) -> None:
        self.directory = directory if isinstance(directory, Directory) else Directory.open(directory)
        self._ports = Ports(self.directory.ports)
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        """Where its data, password and settings lie."""
        return self.directory.root / self.name

    @property
    def port(self) -> int:
        """The port it listens on, or will."""
        if self._port is None:
            known = self._ports.known(self.name) if self.running() else None
            self._port = known or self._ports.free(self.name)
        return self._port

    @abstractmethod
    def launch(self) -> subprocess.Popen[bytes]:
        """Start it and don't wait for it. Raises LocalError."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether one can log in now. Raises LocalError when it is there, but refuses its own password."""

    @abstractmethod
    def processes(self) -> list[int]:
        """Its living processes, helpers included."""

    @abstractmethod
    def main_process(self) -> list[int]:
        """The process that takes the signal to stop; none where it doesn't live."""

    def start(self) -> None:
        """Have it running and answering; nothing happens where it does already. Raises LocalError."""
        if not self.running():
            self.launch()
        self.wait_until_ready(self._pause_while_alive)

    def wait_until_ready(self, pause: Pause = time.sleep) -> None:
        """Raises LocalError when it doesn't accept connections in time."""
        if not wait_until(self.answers, self.ready_within, pause):
            raise LocalError(
                f"{self.title} does not answer on 127.0.0.1:{self.port} after {self.ready_within:g} s. "
                f"The end of {self.directory.log(self.name)}:\n{tail(self.directory.log(self.name))}"
            )

    def running(self) -> bool:
        return bool(self.processes())

    def stop(self) -> None:
        """End it in good order; nothing happens where it doesn't run."""
        self.end_leftovers()
        self.directory.pid(self.name).unlink(missing_ok=True)

    def kill(self) -> None:
        """End all its processes at once, as kill -9 does."""
        end(self.processes, signal.SIGKILL)
        self._bury()
        self.directory.pid(self.name).unlink(missing_ok=True)

    def end_leftovers(self) -> bool:
        """End what a former life left running. Whether there was any."""
        asked = end(self.main_process, self.stop_signal, self.patience)
        ended = end(self.processes, self.orphan_signal, patience=3) or asked
        self._bury()
        return ended

    def _pause_while_alive(self, seconds: float) -> None:
        if self._process and self._process.poll() is not None:
            log = self.directory.log(self.name)
            raise LocalError(f"{self.title} {how_it_ended(self._process.returncode)}. The end of {log}:\n{tail(log)}")
        time.sleep(seconds)

    def _bury(self) -> None:
        if self._process:
            self._process.wait()
            self._process = None
