"""PostgreSQL and RabbitMQ stopped, killed, hung and full while people write: told clearly, and nothing is lost."""

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.faults import audit
from tests.faults.office import at_work
from tests.support import outages
from tests.support.cluster import Cluster
from tests.support.outages import Outage
from tests.support.retrying import RetryingClient

# The gateway gives a request 10 s (5 to wait for the outcome, 5 to spare), and there is some way to go.
ANSWERED_WITHIN = 12.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens, and the statuses by which a write and a read may be answered meanwhile."""

    happens: Outage
    writes: tuple[int, ...]
    reads: tuple[int, ...]


SHORT = [
    Fault(outages.postgres_killed, (202,), (503,)),
    Fault(outages.rabbitmq_stopped, (503,), (200,)),
    Fault(outages.memory_alarm, (503,), (200,)),
]
LONG = [
    *SHORT,
    Fault(outages.postgres_stopped, (202,), (503,)),
    Fault(outages.postgres_frozen, (202,), (503, 504)),
    Fault(outages.rabbitmq_killed, (503,), (200,)),
    Fault(outages.rabbitmq_frozen, (503,), (200,)),
    Fault(outages.both_killed, (503,), (503,)),
    Fault(outages.disk_alarm, (503,), (200,)),
]


@dataclass(slots=True)
class Answer:
    """What one request got during a fault, and after how many seconds."""

    fault: str
    method: str
    status: int
    seconds: float
    body: Any
    headers: dict[str, str]

    def clear(self, allowed: tuple[int, ...]) -> bool:
        """Whether it was answered as it should be, in time, and with what the client is to do."""
        guided = {202: "Location", 503: "Retry-After", 504: "Retry-After"}.get(self.status, "Content-Type")
        return self.status in allowed and self.seconds < ANSWERED_WITHIN and guided in self.headers


async def ask(url: str, tokens: dict[str, Any], project: str, fault: str) -> tuple[Answer, Answer]:
    """A write and a read, once each and at the same time."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=40)) as session:
        person = RetryingClient(session, url, "")
        person._tokens = tokens
        path = f"/api/v1/projects/{project}/tasks"
        return await asyncio.gather(
            _answer(person, fault, "POST", path, {"title": "Asked in vain"}), _answer(person, fault, "GET", path)
        )


async def _answer(person: RetryingClient, fault: str, method: str, path: str, body: Any = None) -> Answer:
    began = time.monotonic()
    key = {"Idempotency-Key": str(uuid4())} if body else {}
    status, parsed, headers = await person.ask(method, path, body, **key)
    return Answer(fault, method, status, time.monotonic() - began, parsed, headers)


@pytest.mark.parametrize(
    ("faults", "seconds"),
    [(SHORT, 4), pytest.param(LONG, 20, marks=pytest.mark.chaos)],
    ids=["short", "long"],
)
def test_whatever_happens_to_the_servers_writes_are_taken_or_refused_and_none_is_lost(
    cluster: Cluster, faults: list[Fault], seconds: float
) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    answers: list[tuple[Answer, tuple[int, ...]]] = []

    with at_work(cluster.url, seed) as office:
        person = office.clients[0]
        project = next(project for project, user in office.book.roles if user == person.id)
        for fault in faults:
            name = fault.happens.__name__
            with fault.happens(cluster):
                begins = time.monotonic()
                time.sleep(1)
                write, read = asyncio.run(ask(cluster.url, person._tokens, project, name))
                answers += [(write, fault.writes), (read, fault.reads)]
                time.sleep(max(0, begins + seconds - time.monotonic()))
            cluster.wait_until_ready()
            time.sleep(seconds / 2)
    audit.wait_until_settled(cluster)

    names = [fault.happens.__name__ for fault in faults]
    tally = audit.writes(cluster, office, f"{', '.join(names)} for {seconds} s each, writes")
    slowest = max(answer.seconds for answer, _ in answers)
    tally.notes += f"; the slowest answer meanwhile took {slowest:.1f} s; seed {seed}"
    audit.settle(tally)
    audit.settle(audit.notifications(cluster, office, f"{', '.join(names)}, notifications"))
    assert audit.replicas(cluster) == []
    assert [answer for answer, allowed in answers if not answer.clear(allowed)] == []
    assert [client.contract for client in office.clients if client.contract] == []
    assert cluster.dead() == []
