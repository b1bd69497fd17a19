"""Ctrl-C and its kin, turned into a wish that is granted at safe points only."""

import signal
import time
from types import FrameType, TracebackType
from typing import Self

from punctual.commands.local.errors import StopRequested

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# `make`, a terminal and a process group may each deliver the same Ctrl-C: that is one wish, not haste.
ECHO_SECONDS = 0.5


class Interruption:
    """Counts the wishes to stop; the second one means haste. For the main thread."""

    def __init__(self) -> None:
        self.wishes = 0
        self._latest = 0.0

    def __enter__(self) -> Self:
        # Who started us with nohup wants no end at the terminal's.
        nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        numbers = [number for number in SIGNALS if not (nohup and number == signal.SIGHUP)]
        self._former = {number: signal.signal(number, self._wish) for number in numbers}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raises StopRequested when somebody wished so."""
        if self.wishes:
            raise StopRequested

    def _wish(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._latest > ECHO_SECONDS:
            self.wishes += 1
        self._latest = now
