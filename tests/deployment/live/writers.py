"""People who write while things happen to the system, and the account of it afterwards."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

import aiohttp

from tests.deployment.live.stack import Compose
from tests.support.retrying import RetryingClient

WRITERS = 4
PAUSE_SECONDS = 0.05


@dataclass(slots=True)
class Account:
    """What was answered, what was asked for again, and what stands in the database."""

    accepted: int = 0
    lost: int = 0
    doubled: int = 0
    longest: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)
    broken_contracts: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{status or 'no answer'}: {count}" for status, count in sorted(self.answers.items()))
        known = f"{self.accepted} writes accepted, {self.lost} lost, {self.doubled} doubled"
        return f"{known}, the slowest after {self.longest:.1f} s (answers: {told})"

    def check(self, *allowed: int) -> None:
        """Nothing lost or doubled, no answer of a fault but these. Raises AssertionError."""
        faults = {status for status in self.answers if status >= 400 or not status}
        assert self.accepted > 0, self
        assert self.lost == self.doubled == 0, self
        assert not self.broken_contracts, self.broken_contracts[:5]
        assert faults <= set(allowed), self


class Writers:
    """Create tasks until told to stop, each sent again until its outcome is known."""

    def __init__(self, stack: Compose) -> None:
        self._stack = stack
        self._clients: list[RetryingClient] = []
        self._titles: list[str] = []
        self._stop = asyncio.Event()

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator["Writers"]:
        """They write while the block runs; at its end all outcomes are known."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=40)) as session:
            mark = uuid4().hex[:8]
            for number in range(WRITERS):
                client = await RetryingClient(session, self._stack.url, f"writer-{mark}-{number}").register()
                key = f"W{mark[:6].upper()}{number}"
                assert (await client.write("POST", "/api/v1/projects", {"key": key, "name": key})).state == "done"
                # What came before is none of the account.
                client.writes.clear()
                self._clients.append(client)
            working = [asyncio.create_task(self._write(client)) for client in self._clients]
            try:
                yield self
            finally:
                self._stop.set()
                await asyncio.wait_for(asyncio.gather(*working), 120)

    async def _write(self, client: RetryingClient) -> None:
        (project,) = (await client.read("/api/v1/projects"))["items"]
        while not self._stop.is_set():
            title = uuid4().hex
            write = await client.write("POST", f"/api/v1/projects/{project['id']}/tasks", {"title": title})
            assert write.state == "done", write
            self._titles.append(title)
            await asyncio.sleep(PAUSE_SECONDS)

    def account(self) -> Account:
        """Compare what was accepted with what is there."""
        found = Counter(title for (title,) in self._stack.sql("task", "SELECT title FROM task"))
        statuses = Counter(status for client in self._clients for write in client.writes for status in write.statuses)
        return Account(
            accepted=len(self._titles),
            lost=sum(not found[title] for title in self._titles),
            doubled=sum(found[title] > 1 for title in self._titles),
            longest=max((write.ended - write.began for client in self._clients for write in client.writes), default=0),
            answers=statuses,
            broken_contracts=[breach for client in self._clients for breach in client.contract],
        )


def account_while(stack: Compose, during: Callable[[], Awaitable[None]]) -> Account:
    """The account of people who wrote while this happened."""
    writers = Writers(stack)

    async def run() -> None:
        async with writers.writing():
            await during()

    asyncio.run(run())
    return writers.account()
