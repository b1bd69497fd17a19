"""Reads: one small pool of SELECT-only connections per service (aiopg), opened at first use."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg2

from punctual.kit import settings
from punctual.kit.errors import Unavailable
from punctual.kit.keepalives import KEEPALIVES
from punctual.kit.prepared import Prepared
from punctual.kit.read_connection import ReadConnection, connect

Row = dict[str, Any]
SIZE = 8
ACQUIRE_SECONDS = 3.0
QUERY_SECONDS = 10.0
# Longer, and something on the way may have forgotten the connection without a word.
IDLE_SECONDS = 300.0
OPTIONS = "-c statement_timeout=10000 -c default_transaction_read_only=on -c timezone=UTC -c jit=off"


class Pool:
    """SELECTs for one service's handlers. Every method raises Unavailable when the database is gone."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._free: list[ReadConnection] = []
        self._slots = asyncio.Semaphore(SIZE)
        self._prepared: WeakKeyDictionary[ReadConnection, Prepared] = WeakKeyDictionary()

    async def all(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """All rows as dictionaries."""
        async with self._cursor() as (cursor, prepared):
            if isinstance(parameters, Mapping):
                await cursor.execute(sql, parameters)
            else:
                await cursor.execute(prepared.text(prepared.statement(cursor.raw, sql, parameters)))
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in await cursor.fetchall()]

    async def one(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Row | None:
        """The first row, or None."""
        rows = await self.all(sql, parameters)
        return rows[0] if rows else None

    async def close(self) -> None:
        """Close all connections that nobody uses right now."""
        while self._free:
            await self._free.pop().close()

    @asynccontextmanager
    async def _cursor(self) -> AsyncIterator[tuple[Any, Prepared]]:
        try:
            async with asyncio.timeout(ACQUIRE_SECONDS) as patience, self._slots:
                connection = self._idle() or await self._connect()
                patience.reschedule(None)
                try:
                    cursor = await connection.cursor(timeout=QUERY_SECONDS)
                    try:
                        yield cursor, self._prepared.setdefault(connection, Prepared())
                    finally:
                        cursor.close()
                except BaseException:
                    await connection.close()
                    raise
                self._free.append(connection)
        except (psycopg2.OperationalError, psycopg2.InterfaceError, TimeoutError, OSError) as error:
            raise Unavailable("The database can't answer right now; try again shortly.") from error

    def _idle(self) -> ReadConnection | None:
        while self._free:
            connection = self._free.pop()
            if not connection.closed and connection.idle_seconds < IDLE_SECONDS:
                return connection
            connection.close()
        return None

    async def _connect(self) -> ReadConnection:
        return await connect(
            settings.current().databases[self._service].reader,
            ACQUIRE_SECONDS,
            options=OPTIONS,
            application_name=f"{self._service} reads",
            **KEEPALIVES,
        )


_pools: dict[str, Pool] = {}


def pool(service: str) -> Pool:
    """The pool of a service in this process."""
    return _pools.setdefault(service, Pool(service))


async def close(service: str) -> None:
    """Close the service's connections in this process; the next read begins anew."""
    if known := _pools.pop(service, None):
        await known.close()
