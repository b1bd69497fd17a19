"""aiopg's connection, made to follow libpq: while it connects it may close its socket and open another.

aiopg goes on watching the socket it saw first. Since the new one most often has the same number, its events are
then missed (a connection that hangs) or another connection's watch is removed with the old one.
"""

import asyncio
import socket
from typing import Any

import aiopg
import psycopg2
from psycopg2.extensions import POLL_ERROR, POLL_OK, POLL_WRITE, parse_dsn


class ReadConnection(aiopg.Connection):
    """One connection on the running event loop; await it to have it connected."""

    _established = False

    @property
    def idle_seconds(self) -> float:
        """For how long it had nothing to do."""
        return float(self._loop.time() - self.last_usage)

    @staticmethod
    def _ready(weak_self: Any) -> None:
        self: ReadConnection | None = weak_self()
        if self is None or self._conn.closed:
            return
        if not self._established:
            self._unwatch()
        try:
            state = self._conn.poll()
            if state == POLL_ERROR:
                raise psycopg2.OperationalError("The connection is broken.")
            self._watch(state)
        except (psycopg2.Error, OSError) as error:
            self._unwatch()
            self._conn.close()
            self._settle(error)
        else:
            if state == POLL_OK:
                self._established = True
                self._settle(None)

    def _watch(self, state: int) -> None:
        if not self._established:
            self._fileno = self._conn.fileno()
            self._loop.add_reader(self._fileno, self._ready, self._weakref)
        if (state == POLL_WRITE) == self._writing:
            return
        self._writing = not self._writing
        assert self._fileno is not None
        if self._writing:
            self._loop.add_writer(self._fileno, self._ready, self._weakref)
        else:
            self._loop.remove_writer(self._fileno)

    def _unwatch(self) -> None:
        if self._fileno is not None:
            self._loop.remove_reader(self._fileno)
            if self._writing:
                self._loop.remove_writer(self._fileno)
        self._fileno, self._writing = None, False

    def _settle(self, error: Exception | None) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        if error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(error)


async def connect(url: str, seconds: float, **parameters: Any) -> ReadConnection:
    """Connect and log in. Raises psycopg2.OperationalError, OSError or TimeoutError."""
    parameters |= await _addresses(url)
    connection = ReadConnection(url, seconds, enable_hstore=False, **parameters)
    await connection
    return connection


async def _addresses(url: str) -> dict[str, str]:
    """The addresses of the host: libpq would look them up itself, and hold up the whole loop meanwhile."""
    known = parse_dsn(url)
    host = known.get("host", "")
    if not host or host.startswith("/") or "," in host or "hostaddr" in known:
        return {}
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, known.get("port", "5432"), type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    return {"host": ",".join([host] * len(addresses)), "hostaddr": ",".join(addresses)}
