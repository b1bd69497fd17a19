"""Reads: one small pool of SELECT-only connections per service (aiopg), opened at first use."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import aiopg
import psycopg2

from punctual.kit import settings
from punctual.kit.errors import Unavailable
from punctual.kit.prepared import Prepared

Row = dict[str, Any]
SIZE = 8
ACQUIRE_SECONDS = 3.0
QUERY_SECONDS = 10.0
OPTIONS = "-c statement_timeout=10000 -c default_transaction_read_only=on -c timezone=UTC -c jit=off"


class Pool:
    """SELECTs for one service's handlers. Every method raises Unavailable when the database is gone."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._pool: aiopg.Pool | None = None
        self._prepared: WeakKeyDictionary[aiopg.Connection, Prepared] = WeakKeyDictionary()
        self._lock = asyncio.Lock()

    async def all(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """All rows as dictionaries."""
        async with self._cursor() as (cursor, prepared):
            if isinstance(parameters, Mapping):
                await cursor.execute(sql, parameters)
            else:
                await cursor.execute(prepared.statement(cursor.raw, sql, parameters))
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in await cursor.fetchall()]

    async def one(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Row | None:
        """The first row, or None."""
        rows = await self.all(sql, parameters)
        return rows[0] if rows else None

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            self._pool.terminate()
            await self._pool.wait_closed()
            self._pool = None

    @asynccontextmanager
    async def _cursor(self) -> AsyncIterator[tuple[Any, Prepared]]:
        try:
            pool = await self._open()
            connection = await pool.acquire()
            try:
                cursor = await connection.cursor(timeout=QUERY_SECONDS)
                try:
                    yield cursor, self._prepared.setdefault(connection, Prepared())
                finally:
                    cursor.close()
            except BaseException:
                connection.close()
                raise
            finally:
                await pool.release(connection)
        except (psycopg2.OperationalError, psycopg2.InterfaceError, TimeoutError, ConnectionError) as error:
            raise Unavailable("The database can't answer right now; try again shortly.") from error

    async def _open(self) -> aiopg.Pool:
        if self._pool is None:
            async with self._lock:
                if self._pool is None:
                    self._pool = await aiopg.create_pool(
                        settings.current().databases[self._service].reader,
                        minsize=0,
                        maxsize=SIZE,
                        timeout=ACQUIRE_SECONDS,
                        enable_hstore=False,
                        pool_recycle=300,
                        options=OPTIONS,
                        application_name=f"{self._service} reads",
                    )
        return self._pool


_pools: dict[str, Pool] = {}


def pool(service: str) -> Pool:
    """The pool of a service in this process."""
    return _pools.setdefault(service, Pool(service))
