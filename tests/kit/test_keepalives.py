"""Database connections whose other side is gone without a word: noticed, by whoever reads and whoever writes."""

import asyncio
import random
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg2
import pytest

from punctual.kit import settings, transactions
from punctual.kit.errors import Unavailable
from punctual.kit.keepalives import KEEPALIVES
from punctual.kit.pool import Pool
from tests.support.proxy import Proxy, proxied

WAITS = "SELECT FROM pg_stat_activity WHERE query LIKE %s AND state = 'active' AND pid <> pg_backend_pid()"
QUICK = {"keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 1}


@pytest.fixture
def proxy(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The task service reads and writes through this."""
    url = urlsplit(environment["PUNCTUAL_DATABASE_READER_URL_TASK"])
    assert url.hostname
    assert url.port
    with proxied(url.hostname, url.port) as started:
        for name in ("PUNCTUAL_DATABASE_READER_URL_TASK", "PUNCTUAL_DATABASE_URL_TASK"):
            monkeypatch.setenv(name, environment[name].replace(f":{url.port}", f":{started.port}"))
        settings.current.cache_clear()
        yield started
    monkeypatch.undo()
    settings.current.cache_clear()


class Writer(threading.Thread):
    """A worker's thread, with its own connection; `error` is what its transaction ended with, `socket` how it asked."""

    def __init__(self, sql: str) -> None:
        super().__init__()
        self._sql = sql
        self.error: BaseException | None = None
        self.options: dict[str, int] = {}

    def run(self) -> None:
        try:
            with transactions.begin("task") as transaction:
                transaction.all(self._sql)
                self.options = options(transaction._cursor.connection.fileno())
        except psycopg2.Error as error:
            self.error = error


def options(descriptor: int) -> dict[str, int]:
    with socket.socket(fileno=socket.dup(descriptor)) as sock:
        return {
            "keepalives": sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE),
            "keepalives_idle": sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
            "keepalives_interval": sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
            "keepalives_count": sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT),
            "tcp_user_timeout": sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
        }


async def reads_options() -> dict[str, int]:
    pool = Pool("task")
    await pool.one("SELECT 1")
    found = options(pool._free[0].raw.fileno())
    await pool.close()
    return found


def test_whoever_reads_or_writes_asks_silent_servers_whether_they_live(proxy: Proxy) -> None:
    writer = Writer("SELECT 1")
    writer.start()
    writer.join()

    assert writer.options == KEEPALIVES
    assert asyncio.run(reads_options()) == KEEPALIVES


@pytest.fixture
def vanishing(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """A proxy that may vanish, and connections that ask soon."""
    if not proxy.may_vanish:
        pytest.skip("only the kernel's administrator can end a connection without a word")
    for name, value in QUICK.items():
        monkeypatch.setitem(KEEPALIVES, name, value)
    return proxy


def test_a_writer_notices_that_its_server_is_gone_without_a_word(vanishing: Proxy) -> None:
    question = long_question()
    writer = Writer(question)
    writer.start()
    gone(vanishing, question, settings.current().databases["task"].writer)

    writer.join(5)

    assert writer.error
    assert transactions.lost(writer.error)


def test_a_reader_notices_that_its_server_is_gone_without_a_word(vanishing: Proxy) -> None:
    async def scene() -> float:
        pool, question = Pool("task"), long_question()
        asked = asyncio.create_task(pool.one(question, {}))
        await asyncio.to_thread(gone, vanishing, question, settings.current().databases["task"].reader)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await asked
        return time.monotonic() - began

    assert asyncio.run(scene()) < 5


def long_question() -> str:
    """What takes eight seconds to answer, and nobody else asks."""
    return f"SELECT pg_sleep(8.{random.randrange(10**6):06})"  # noqa: S311 - a name


def gone(proxy: Proxy, question: str, url: str) -> None:
    """Once somebody waits for this answer through the proxy, nothing is there any more."""
    deadline = time.monotonic() + 5
    while not _is_asked(question, url.replace(f":{proxy.port}", f":{proxy.target[1]}")):
        assert time.monotonic() < deadline, "nobody asks"
        time.sleep(0.02)
    proxy.vanish()


def _is_asked(question: str, url: str) -> bool:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(WAITS, (f"%{question}%",))
            return bool(cursor.rowcount)
    finally:
        connection.close()
