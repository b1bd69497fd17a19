"""Sixteen people who work at once, in a thread of their own, while faults are made in the main thread."""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import aiohttp

from tests.faults.book import Book
from tests.faults.desk import Desk
from tests.support.retrying import RetryingClient, Write
from tests.support.services import eventually

PEOPLE = 16
FINISHED_WITHIN = 240
TIMEOUT = aiohttp.ClientTimeout(total=45)


class Office:
    """People with a project in common; each rests for `pause` seconds after each thing done.

    `stop` may be set from any thread.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, seed: int, pause: float) -> None:
        self.book = Book()
        self.stop = threading.Event()
        self._pause = pause
        self.project = ""
        chance = random.Random(seed)  # noqa: S311 - a load, repeatable
        self.clients = [RetryingClient(session, url, f"{self.book.prefix}-{number}") for number in range(PEOPLE)]
        self._desks = [Desk(client, self.book, chance) for client in self.clients]

    @property
    def writes(self) -> list[Write]:
        """Everything that was asked for."""
        return [write for client in self.clients for write in client.writes]

    async def open(self) -> None:
        """Register everybody, bring them together, and give them a task that all of them change."""
        await asyncio.gather(*(client.register() for client in self.clients))
        self.book.names = {client.id: client.name for client in self.clients}
        first, *others = self._desks
        project = self.project = await first.found_project()
        for desk in self._desks:
            desk.project = project
            desk.others = {client.id: client.email for client in self.clients if client is not desk.me}
        for desk in others:
            await eventually(partial(first.set_role, project, desk.me.id, "member"), within=20)
        # The task service hears of them a moment later.
        for desk in self._desks:
            await eventually(desk.sees_tasks, within=20)
        assigned = {client.id for client in self.clients[1:4]}
        common = await first.create(assigned)
        for desk in self._desks:
            desk.common = common

    async def work(self) -> None:
        """Everybody works until `stop`; what was begun is followed to its outcome."""
        await asyncio.gather(*(self._work(desk) for desk in self._desks))

    async def _work(self, desk: Desk) -> None:
        while not self.stop.is_set():
            await desk.do_something()
            await asyncio.sleep(self._pause)


@contextlib.contextmanager
def at_work(url: str, seed: int, pause: float = 0) -> Iterator[Office]:
    """An office at work in another thread; at the end everybody has finished what they had begun.

    Without a pause they make more than can be told by e-mail at once, and who waits for all of it waits long.
    """
    opened = threading.Event()
    offices: list[Office] = []

    async def run() -> None:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=TIMEOUT) as session:
            office = Office(session, url, seed, pause)
            try:
                await office.open()
                offices.append(office)
            finally:
                opened.set()
            async with asyncio.TaskGroup() as group:
                working = group.create_task(office.work())
                await asyncio.to_thread(office.stop.wait)
                await asyncio.wait_for(working, FINISHED_WITHIN)

    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(lambda: asyncio.run(run()))
        opened.wait()
        if not offices:
            future.result()
        try:
            yield offices[0]
        finally:
            offices[0].stop.set()
            future.result()
