"""Starts the stack's processes, starts again what dies, and stops all in the reverse order."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from punctual.commands.local.console import say
from punctual.commands.local.directory import Directory
from punctual.commands.local.errors import LocalError
from punctual.commands.local.logs import keep_small, tail
from punctual.commands.local.processes import Command, end, how_it_ended, owned

FIRST_DELAY = 0.25
LONGEST_DELAY = 30.0
STEADY_AFTER = 30.0
DEATHS_WHILE_STARTING = 3
WORTH_TELLING = 3.0
TIDY_EVERY = 60.0


class Server(Protocol):
    """A private server, which knows by itself how it starts."""

    name: str
    stop_signal: signal.Signals
    patience: float

    def launch(self) -> subprocess.Popen[bytes]: ...


Program = Command | Server


@dataclass(slots=True)
class Watched:
    """A program and its present life."""

    program: Program
    process: subprocess.Popen[bytes]
    since: float
    delay: float = FIRST_DELAY
    deaths: int = 0
    due: float | None = None


class Supervisor:
    """Watches the processes of one folder. `settled` tells that the start is over."""

    def __init__(self, directory: Directory, clock: Callable[[], float] = time.monotonic) -> None:
        self.settled = False
        self._directory = directory
        self._clock = clock
        self._tiers: list[list[Watched]] = []
        self._tidied = clock()

    def start(self, *programs: Program) -> None:
        """Start programs that may run side by side; they are stopped before those started earlier."""
        tier: list[Watched] = []
        self._tiers.append(tier)
        # One by one: what did start is stopped even when the next one can't.
        tier.extend(Watched(program, self._launch(program), self._clock()) for program in programs)

    def check(self) -> None:
        """Note deaths, start again what is due, keep the logs small. Raises LocalError when it can't succeed."""
        if self._clock() - self._tidied > TIDY_EVERY:
            keep_small(self._directory.logs)
            self._tidied = self._clock()
        for watched in self._all():
            if watched.due is None:
                if watched.process.poll() is not None:
                    self._bury(watched)
            elif self._clock() >= watched.due:
                self._revive(watched)

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """End everything in good order, or at once as soon as `hurry` says so."""
        while self._tiers:
            self._stop_tier(self._tiers.pop(), hurry)
        end(lambda: owned(self._directory), patience=3)

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        if isinstance(program, Command):
            return program.launch(self._directory)
        return program.launch()

    def _bury(self, watched: Watched) -> None:
        name, process = watched.program.name, watched.process
        watched.deaths += 1
        ended = f"{name} (process {process.pid}) {how_it_ended(process.returncode)}"
        if not self.settled and watched.deaths >= DEATHS_WHILE_STARTING:
            log = self._directory.log(name)
            raise LocalError(f"{ended}, {watched.deaths} times now. The end of {log}:\n{tail(log)}")
        if self._clock() - watched.since > STEADY_AFTER:
            watched.delay = FIRST_DELAY
        watched.due = self._clock() + watched.delay
        self._tell(name, f"{ended}; it starts again in {watched.delay:g} s")
        watched.delay = min(watched.delay * 2, LONGEST_DELAY)

    def _revive(self, watched: Watched) -> None:
        name = watched.program.name
        if isinstance(watched.program, Command):
            end(lambda: owned(self._directory, name), patience=3)
        try:
            watched.process = self._launch(watched.program)
        except (OSError, LocalError) as error:
            watched.due = self._clock() + watched.delay
            watched.delay = min(watched.delay * 2, LONGEST_DELAY)
            self._tell(name, f"{name} could not be started again: {error}")
            return
        watched.since = self._clock()
        watched.due = None

    def _stop_tier(self, tier: list[Watched], hurry: Callable[[], bool]) -> None:
        alive = [watched for watched in tier if watched.due is None and watched.process.poll() is None]
        for watched in alive:
            watched.process.send_signal(watched.program.stop_signal)
        begin = self._clock()
        told = False
        while alive := [watched for watched in alive if watched.process.poll() is None]:
            if not told and self._clock() - begin > WORTH_TELLING:
                told = True
                say(f"Waiting for {', '.join(watched.program.name for watched in alive)} to finish ...")
            for watched in alive:
                # A server is never cut short: recovering would cost the next start more than is won here.
                hasty = hurry() and isinstance(watched.program, Command)
                if hasty or self._clock() - begin > watched.program.patience:
                    watched.process.kill()
            time.sleep(0.02)
        for watched in tier:
            self._directory.pid(watched.program.name).unlink(missing_ok=True)

    def _tell(self, name: str, text: str) -> None:
        say(f"punctual: {text}")
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._directory.log(name).open("a") as log:
            log.write(f"{stamp} punctual local: {text}\n")

    def _all(self) -> Sequence[Watched]:
        return [watched for tier in self._tiers for watched in tier]
