"""Threads for what would block the event loop, each kind with its own, and with an end to the queue."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from punctual.kit.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """A few threads and a queue before them; who comes when it is full is sent away."""

    def __init__(self, name: str, threads: int, waiting: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = threads + waiting
        self._present = 0

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result, its log context being this one. Raises Unavailable when the queue is full."""
        if self._present >= self._most:
            raise Unavailable("Too many people are signing in at once; try again shortly.")
        self._present += 1
        try:
            work = partial(contextvars.copy_context().run, function, *args, **kwargs)
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._present -= 1


# A password takes a core and 19 MiB for a few hundredths of a second, so few are hashed at a time.
HASHING = Threads("hashing", threads=2, waiting=100)
# Refresh tokens mostly wait for the broker, and must not wait for strangers' passwords.
EXCHANGING = Threads("exchanging", threads=8, waiting=200)
