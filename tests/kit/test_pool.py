"""Reads over connections that break: refused in time, never hanging, and well again with the server."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvloop

from punctual.kit import settings
from punctual.kit.errors import Unavailable
from punctual.kit.pool import ACQUIRE_SECONDS, SIZE, Pool
from tests.support.proxy import Proxy, proxied

Run = Callable[[Coroutine[Any, Any, Any]], Any]
LOOPS = [pytest.param(asyncio.run, id="asyncio"), pytest.param(uvloop.run, id="uvloop")]


@pytest.fixture
def proxy(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The task service's readers reach PostgreSQL through this."""
    url = urlsplit(environment["PUNCTUAL_DATABASE_READER_URL_TASK"])
    assert url.hostname
    assert url.port
    with proxied(url.hostname, url.port) as started:
        there = f"{url.username}:{url.password}@127.0.0.1:{started.port}"
        monkeypatch.setenv("PUNCTUAL_DATABASE_READER_URL_TASK", f"postgresql://{there}{url.path}")
        settings.current.cache_clear()
        yield started
    monkeypatch.undo()
    settings.current.cache_clear()


async def ask(pool: Pool, sql: str = "SELECT 1 AS one") -> str:
    try:
        await pool.one(sql)
    except Unavailable:
        return "unavailable"
    return "answered"


@pytest.mark.parametrize("run", LOOPS)
def test_a_server_that_breaks_off_while_one_connects_is_asked_again(proxy: Proxy, run: Run) -> None:
    async def scene() -> Counter[str]:
        pool, seen = Pool("task"), Counter[str]()
        # At every point of the greeting: encryption, start, password, and beyond.
        for first in range(0, 1000, 90):
            proxy.first_bytes = [first] * SIZE
            seen.update(await asyncio.gather(*(ask(pool) for _ in range(SIZE))))
            proxy.first_bytes = []
            proxy.cut()
            await asyncio.sleep(0.05)
            assert await asyncio.gather(*(ask(pool) for _ in range(SIZE))) == ["answered"] * SIZE
            proxy.cut()
            await asyncio.sleep(0.05)
        await pool.close()
        return seen

    began = time.monotonic()
    seen = run(scene())

    assert set(seen) == {"answered", "unavailable"}
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("run", LOOPS)
def test_cut_connections_are_replaced_and_none_is_leaked(proxy: Proxy, run: Run) -> None:
    async def scene() -> tuple[Counter[str], int]:
        pool, seen = Pool("task"), Counter[str]()
        await asyncio.gather(*(ask(pool) for _ in range(SIZE)))
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough
        for number in range(20):
            asking = [asyncio.create_task(ask(pool, "SELECT pg_sleep(0.02)")) for _ in range(SIZE)]
            await asyncio.sleep(0.01)
            proxy.cut(reset=number % 2 == 0)
            seen.update(await asyncio.gather(*asking))
            await asyncio.sleep(0.05)
        assert await asyncio.gather(*(ask(pool) for _ in range(SIZE))) == ["answered"] * SIZE
        after = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough
        await pool.close()
        return seen, after - before

    seen, more = run(scene())

    assert seen["unavailable"] > 0
    assert more <= SIZE


def test_a_server_that_says_nothing_is_given_up_in_time(proxy: Proxy) -> None:
    async def scene() -> float:
        pool = Pool("task")
        proxy.mute = True
        began = time.monotonic()
        assert await asyncio.gather(*(ask(pool) for _ in range(3))) == ["unavailable"] * 3
        seconds = time.monotonic() - began
        proxy.mute = False
        proxy.cut()
        await asyncio.sleep(0.05)
        assert await ask(pool) == "answered"
        await pool.close()
        return seconds

    assert uvloop.run(scene()) < ACQUIRE_SECONDS + 1
