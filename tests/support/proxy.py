"""A TCP proxy that does harm: it cuts connections, slows them down, and lets them stand without a word."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

CHUNK = 65536
RESET = struct.pack("ii", 1, 0)
# linux/tcp.h; Python has no name for it.
TCP_REPAIR = 19


class Proxy:
    """Between whoever connects to `port` and a server. Its methods may be called from any thread.

    `delay` holds up each piece for so many seconds. `mute` passes nothing on. `refuse` cuts who connects.
    `first_bytes` lets only so many bytes of the first connections through and then cuts them, one number each.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.port = 0
        self.delay = 0.0
        self.mute = False
        self.refuse = False
        self.first_bytes: list[int] = []
        self.cuts = 0
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()

    @property
    def connections(self) -> int:
        """How many pass through at this moment."""
        return len(self._pairs)

    def cut(self, *, reset: bool = True) -> None:
        """Break all connections, with a reset or with an end. Whoever connects from now on isn't concerned."""
        asyncio.run_coroutine_threadsafe(self._cut(reset=reset), self._loop).result(10)

    @property
    def may_vanish(self) -> bool:
        """Whether this process has the right to `vanish` (CAP_NET_ADMIN)."""
        with socket.socket() as sock:
            try:
                sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
            except PermissionError:
                return False
        return True

    def vanish(self) -> None:
        """Be gone as a machine without power is: whoever is connected isn't told."""
        asyncio.run_coroutine_threadsafe(self._vanish(), self._loop).result(10)

    def start(self) -> None:
        """Listen, in a thread of its own."""
        listening = threading.Event()
        threading.Thread(target=self._run, args=(listening,), name="proxy", daemon=True).start()
        listening.wait()

    def stop(self) -> None:
        """Break everything and listen no more."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, listening: threading.Event) -> None:
        async def serve() -> None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]
            listening.set()

        self._loop.run_until_complete(serve())
        self._loop.run_forever()
        self._loop.close()

    async def _stop(self) -> None:
        assert self._server
        self._server.close()
        await self._cut(reset=True)
        await asyncio.sleep(0)
        # Whoever serves is at its end now; what stands mute has to be told so.
        self.mute, self.delay = False, 0.0
        await asyncio.wait_for(self._server.wait_closed(), 5)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait([task], timeout=5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuse:
            _abort(writer, reset=True)
            return
        try:
            inner_reader, inner_writer = await asyncio.open_connection(*self.target)
        except OSError:
            _abort(writer, reset=True)
            return
        pair = (writer, inner_writer)
        self._pairs.add(pair)
        limit = self.first_bytes.pop(0) if self.first_bytes else None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, inner_writer, limit))
                group.create_task(self._pump(inner_reader, writer, None))
        except* OSError:
            pass
        finally:
            self._pairs.discard(pair)
            for each in pair:
                _abort(each, reset=True)
                with contextlib.suppress(OSError):
                    await each.wait_closed()

    async def _pump(self, source: asyncio.StreamReader, drain: asyncio.StreamWriter, limit: int | None) -> None:
        passed = 0
        while piece := await source.read(CHUNK):
            if self.delay:
                await asyncio.sleep(self.delay)
            while self.mute:  # noqa: ASYNC110 - set from another thread
                await asyncio.sleep(0.05)
            if limit is not None and passed + len(piece) > limit:
                self.cuts += 1
                raise ConnectionResetError
            passed += len(piece)
            drain.write(piece)
            await drain.drain()
        if drain.can_write_eof():
            drain.write_eof()

    async def _vanish(self) -> None:
        for outer, _ in list(self._pairs):
            sock = outer.get_extra_info("socket")
            # What has come is acknowledged: sent once more, it would find out.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            # What is closed under repair sends neither an end nor a reset.
            sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        await self._cut(reset=True)

    async def _cut(self, *, reset: bool) -> None:
        self.cuts += len(self._pairs)
        for pair in list(self._pairs):
            for writer in pair:
                _abort(writer, reset=reset)


def _abort(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    sock: Any = writer.get_extra_info("socket")
    if reset and sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


@contextlib.contextmanager
def proxied(host: str, port: int) -> Iterator[Proxy]:
    """A proxy before a server, listening until the end."""
    proxy = Proxy((host, port))
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
