"""The event loop beside a worker's threads: one a process, in a thread of its own, started at first use."""

import asyncio
import threading
from functools import cache

import uvloop


def loop() -> asyncio.AbstractEventLoop:
    """The running loop, for any thread."""
    with _lock:
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    ready = threading.Event()
    made: list[asyncio.AbstractEventLoop] = []

    async def main() -> None:
        made.append(asyncio.get_running_loop())
        ready.set()
        await asyncio.Event().wait()

    threading.Thread(target=lambda: uvloop.run(main()), name="background", daemon=True).start()
    ready.wait()
    return made[0]


_lock = threading.Lock()
