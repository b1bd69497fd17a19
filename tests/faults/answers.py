"""What one request is answered during an outage of a server: the right thing, in time, with what to do about it."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp

from tests.faults.office import Office
from tests.support import outages
from tests.support.cluster import Cluster
from tests.support.outages import Outage
from tests.support.retrying import RetryingClient

# The gateway gives a request 10 s (5 to wait for the outcome, 5 to spare), and there is some way to go.
ANSWERED_WITHIN = 12.0
_GUIDES = {202: "Location", 503: "Retry-After", 504: "Retry-After"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens, and the statuses by which a write and a read may be answered meanwhile."""

    happens: Outage
    writes: tuple[int, ...]
    reads: tuple[int, ...]

    @property
    def name(self) -> str:
        """Such as "postgres killed"."""
        return self.happens.__name__.replace("_", " ")


USUAL = [
    Fault(outages.postgres_killed, (202,), (503,)),
    Fault(outages.rabbitmq_stopped, (503,), (200,)),
    Fault(outages.memory_alarm, (503,), (200,)),
]
EVERY = [
    *USUAL,
    Fault(outages.postgres_stopped, (202,), (503,)),
    Fault(outages.postgres_frozen, (202,), (503, 504)),
    Fault(outages.rabbitmq_killed, (503,), (200,)),
    Fault(outages.rabbitmq_frozen, (503,), (200,)),
    Fault(outages.both_killed, (503,), (503,)),
    Fault(outages.disk_alarm, (503,), (200,)),
]


@dataclass(slots=True)
class Answer:
    """What a request got, and after how many seconds."""

    fault: str
    method: str
    status: int
    seconds: float
    headers: dict[str, str]
    # Such as "unavailable: The message broker doesn't answer", for whoever reads that it was the wrong answer.
    said: str
    allowed: tuple[int, ...]

    @property
    def right(self) -> bool:
        """Whether it was answered as it should be, in time, and with what the client is to do."""
        guide = _GUIDES.get(self.status, "Content-Type")
        return self.status in self.allowed and self.seconds < ANSWERED_WITHIN and guide in self.headers


def suffer(cluster: Cluster, fault: Fault, office: Office, seconds: float) -> list[Answer]:
    """Let it happen for so long at least, and ask for a write and a read meanwhile, each once."""
    cluster.wait_until_ready()
    with fault.happens(cluster):
        begins = time.monotonic()
        time.sleep(1)
        answers = asyncio.run(_ask(cluster.url, office.clients[0], f"/api/v1/projects/{office.project}/tasks", fault))
        time.sleep(max(0, begins + seconds - time.monotonic()))
    cluster.wait_until_ready()
    return answers


async def _ask(url: str, person: RetryingClient, path: str, fault: Fault) -> list[Answer]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=40)) as session:
        twin = RetryingClient(session, url, person.name)
        twin._tokens = person._tokens

        async def ask(method: str, body: Any, allowed: tuple[int, ...]) -> Answer:
            began = time.monotonic()
            key = {"Idempotency-Key": str(uuid4())} if body else {}
            status, answer, headers = await twin.ask(method, path, body, **key)
            said = f"{answer.get('code')}: {answer.get('detail')}" if status >= 400 else ""
            return Answer(fault.name, method, status, time.monotonic() - began, headers, said, allowed)

        asking = ask("POST", {"title": "Asked once"}, fault.writes), ask("GET", None, fault.reads)
        return list(await asyncio.gather(*asking))
