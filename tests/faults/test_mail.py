"""A mail server that is away, slow, busy, refuses, or hangs up: told as it is, made up for, and it slows nobody."""

import asyncio
import re
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.actors.notification.smtp import Server, smtp_server
from tests.faults import audit
from tests.flows.client import until
from tests.support.cluster import Cluster
from tests.support.retrying import RetryingClient
from tests.support.services import eventually

MAILS = 6
COMMANDS = 15


@dataclass(frozen=True, slots=True)
class Case:
    """What the server does, and how the deliveries stand then: state and reason, and copies once it is well."""

    name: str
    state: str
    reason: str
    server: dict[str, Any] = field(default_factory=dict)
    away: bool = False
    copies: int = 1


SHORT = [
    Case("3 s a mail", "sending", "", {"slow": 3}),
    # The one double that is the server's fault: it had accepted, and nobody could know.
    Case("hangs up after DATA", "queued", "SMTP: Connection unexpectedly closed", {"drop": True}, copies=2),
]
LONG = [
    Case("30 s a mail", "sending", "", {"slow": 30}),
    Case("away", "queued", r"SMTP: .*refused", away=True),
    Case("421", "queued", "SMTP 421 Too busy, come back later", {"data": "421 Too busy, come back later"}),
    Case("550", "failed", "SMTP 550 no such mailbox", {"rcpt": "550 no such mailbox"}, copies=0),
]


@dataclass(slots=True)
class Pair:
    """Ada assigns tasks to Bob, who is told by e-mail."""

    ada: RetryingClient
    bob: RetryingClient
    project: str

    async def assign(self) -> None:
        """One more task for Bob, and one more mail."""
        body = {"title": "Mail", "assignees": [str(self.bob.id)]}
        done = await self.ada.write("POST", f"/api/v1/projects/{self.project}/tasks", body)
        assert done.state == "done", done

    async def seconds_a_command(self) -> float:
        """How long commands take that tell nobody, in the middle."""
        seconds = []
        for _ in range(COMMANDS):
            began = time.monotonic()
            done = await self.ada.write("POST", f"/api/v1/projects/{self.project}/tasks", {"title": "No mail"})
            assert done.state == "done", done
            seconds.append(time.monotonic() - began)
        return statistics.median(seconds)


@pytest.fixture
def smtp(cluster: Cluster) -> Iterator[Server]:
    """A mail server of the tests' own instead of the catcher."""
    with smtp_server() as server:
        yield server
        cluster.kill("mail-worker")
        cluster.revive("mail-worker", PUNCTUAL_SMTP_URL=cluster.variables["PUNCTUAL_SMTP_URL"])


async def a_pair(url: str) -> tuple[Pair, aiohttp.ClientSession]:
    session = aiohttp.ClientSession()
    ada, bob = [await RetryingClient(session, url, f"{name}-{uuid4().hex}").register() for name in ("ada", "bob")]
    key = "E" + uuid4().hex[:9].upper()
    await ada.write("POST", "/api/v1/projects", {"key": key, "name": "Mail"})

    async def joined() -> bool:
        path = f"/api/v1/projects/{key}/members/{bob.id}"
        return (await ada.write("PUT", path, {"role": "member"})).state == "done"

    await eventually(joined, within=20)
    return Pair(ada, bob, key), session


def deliveries(cluster: Cluster, person: RetryingClient) -> list[tuple[str, str, str, int]]:
    """Id, state, reason and attempts of the e-mails of the assignments of a person."""
    return [
        (row[0], row[1], row[2] or "", row[3])
        for row in cluster.sql(
            "notification",
            "SELECT delivery.id::text, state, reason, attempts FROM delivery JOIN notification"
            " ON notification.id = notification_id WHERE user_id = %s AND channel = 'email' AND kind = 'task.assigned'",
            (str(person.id),),
        )
    ]


def make_due(cluster: Cluster) -> None:
    """What waits for its next attempt is due; time is moved."""
    cluster.sql("notification", "UPDATE delivery SET next_attempt_at = now() - interval '10 s' WHERE state = 'queued'")


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.parametrize(
    "case", [*SHORT, *(pytest.param(case, marks=pytest.mark.chaos) for case in LONG)], ids=lambda case: case.name
)
async def test_what_a_mail_server_does_is_told_made_up_for_and_slows_nobody(
    cluster: Cluster, smtp: Server, case: Case
) -> None:
    pair, session = await a_pair(cluster.url)
    quiet = await pair.seconds_a_command()
    for name, value in case.server.items():
        setattr(smtp, name, value)
    url = f"smtp://127.0.0.1:{closed_port()}" if case.away else smtp.url
    cluster.kill("mail-worker")
    cluster.revive("mail-worker", PUNCTUAL_SMTP_URL=url)

    def told() -> bool:
        stand = deliveries(cluster, pair.bob)
        there = [state == case.state and attempts == 1 for _, state, _, attempts in stand]
        return len(stand) == MAILS and (any(there) if case.state == "sending" else all(there))

    async with session:
        await asyncio.gather(*(pair.assign() for _ in range(MAILS)))
        await asyncio.to_thread(until, told, within=30)
        # Long enough for a slow server to have begun with one.
        await asyncio.sleep(1)
        busy = await pair.seconds_a_command()
    reasons = {reason for _, state, reason, _ in deliveries(cluster, pair.bob) if state == case.state}
    await asyncio.to_thread(heal, cluster, smtp, case, pair)

    mine = {row[0] for row in deliveries(cluster, pair.bob)}
    sent = (str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in smtp.got)
    copies = Counter(delivery for delivery in sent if delivery in mine)
    tally = audit.Tally(f"mail server {case.name}")
    tally.compare(Counter(mine) if case.copies else Counter(), Counter(list(copies)))
    tally.notes = f"{copies.total() - len(copies)} sent twice, under one Message-ID; {reasons}"
    tally.notes += f"; a command took {quiet * 1000:.0f} ms before and {busy * 1000:.0f} ms meanwhile"
    audit.settle(tally)
    assert set(copies.values()) == ({case.copies} if case.copies else set())
    assert all(re.search(case.reason, reason) for reason in reasons)
    assert busy < 3 * quiet + 0.2


def heal(cluster: Cluster, smtp: Server, case: Case, pair: Pair) -> None:
    """The mail server is well again; everything that can still be sent is."""
    smtp.rcpt = smtp.data = None
    smtp.drop, smtp.slow = False, 0
    if case.away:
        cluster.kill("mail-worker")
        cluster.revive("mail-worker", PUNCTUAL_SMTP_URL=smtp.url)
    if case.state == "queued":
        make_due(cluster)
    final = "failed" if case.state == "failed" else "sent"
    until(lambda: {row[1] for row in deliveries(cluster, pair.bob)} == {final}, within=90)
