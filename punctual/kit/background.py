"""The event loop beside a worker's threads: one a process, in a thread of its own, started at first use."""

import asyncio
import threading

import uvloop


class Background:
    """A loop that runs until it is stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=lambda: uvloop.run(self._run()), name="background", daemon=True)
        self._ready = threading.Event()

    def loop(self) -> asyncio.AbstractEventLoop:
        """The running loop, for any thread."""
        with self._lock:
            if self._loop is None:
                self._thread.start()
                self._ready.wait()
            assert self._loop is not None
            return self._loop

    def stop(self, seconds: float) -> None:
        """End the thread. Left running inside of C code, it crashes when the interpreter is dismantled around it."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(seconds)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        await self._stopping.wait()


_background = Background()
loop = _background.loop
stop = _background.stop
