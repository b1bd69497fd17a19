"""Reminders that come due while processes and servers are killed: told once each, whatever dies."""

import asyncio
import email
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.faults import audit
from tests.faults.conftest import IDLE
from tests.flows.client import until
from tests.support.cluster import Cluster
from tests.support.retrying import RetryingClient, Write
from tests.support.services import eventually

PEOPLE = 5
SETTLED_WITHIN = 120


@dataclass(frozen=True, slots=True)
class Scale:
    """How many reminders, over how many seconds, beginning when; and who is killed how often meanwhile."""

    reminders: int
    ahead: float
    seconds: float
    kills: int
    servers: tuple[str, ...]


SHORT = Scale(100, 8, 15, 10, ("postgres", "rabbitmq"))
LONG = Scale(1000, 45, 120, 90, ("postgres", "rabbitmq") * 4)


@dataclass(slots=True)
class Promised:
    """What everybody was promised, as (person, task); and who was killed when."""

    reminders: set[tuple[str, str]] = field(default_factory=set)
    killed: list[tuple[str, datetime]] = field(default_factory=list)


@pytest.fixture
def crowded(cluster: Cluster) -> Iterator[Cluster]:
    """Three schedulers and three workers."""
    cluster.revive(*IDLE)
    yield cluster
    cluster.kill(*IDLE)


async def promise(url: str, scale: Scale) -> Promised:
    """Tasks that come due one after the other, each assigned to who made it, to be told only at the deadline."""
    promised = Promised()
    async with aiohttp.ClientSession() as session:
        people = [RetryingClient(session, url, f"r-{uuid4().hex[:8]}") for _ in range(PEOPLE)]
        await asyncio.gather(*(promise_person(person, scale, promised) for person in people))
    return promised


async def promise_person(me: RetryingClient, scale: Scale, promised: Promised) -> None:
    await me.register()
    await me.write("PUT", "/api/v1/reminder-rules", {"rules": ["PT0S"]})
    key = "R" + uuid4().hex[:9].upper()
    await me.write("POST", "/api/v1/projects", {"key": key, "name": "Reminders"})
    begins = datetime.now(UTC) + timedelta(seconds=scale.ahead)
    for number in range(scale.reminders // PEOPLE):
        due = begins + timedelta(seconds=number * scale.seconds * PEOPLE / scale.reminders)
        body = {"title": f"Due {number}", "assignees": [str(me.id)], "due": due.strftime("%Y-%m-%dT%H:%M:%SZ")}
        task = await eventually(partial(created, me, key, body), within=20)
        assert task
        promised.reminders.add((str(me.id), task.answer["id"]))
    assert datetime.now(UTC) < begins, "The first deadline has passed before the last task was made; begin later."


async def created(me: RetryingClient, project: str, body: dict[str, Any]) -> Write | None:
    """None while the task service doesn't know the project yet."""
    task = await me.write("POST", f"/api/v1/projects/{project}/tasks", body)
    return task if task.state == "done" else None


def kill_throughout(cluster: Cluster, scale: Scale, promised: Promised, chance: random.Random) -> None:
    """Kill processes all the time, and each server once its turn comes; everything is started again at once."""
    victims = [*scale.servers, *chance.choices(cluster.names, k=scale.kills)]
    chance.shuffle(victims)
    for name in victims:
        time.sleep(chance.uniform(0.5, 1.5) * (scale.ahead / 2 + scale.seconds) / len(victims))
        promised.killed.append((name, datetime.now(UTC)))
        if name == "postgres":
            cluster.postgres.kill()
            cluster.postgres.launch()
        elif name == "rabbitmq":
            cluster.rabbitmq.kill()
            cluster.rabbitmq.launch()
        else:
            cluster.kill(name)
            cluster.revive(name)
    cluster.postgres.wait_until_ready()
    cluster.rabbitmq.wait_until_ready()
    cluster.wait_until_ready()


def told(cluster: Cluster, promised: Promised) -> list[tuple[Any, ...]]:
    """The notifications of the promises: person, task, how late, how often the mail was tried and how that stands."""
    return cluster.sql(
        "notification",
        "SELECT user_id::text, task_id::text, extract(epoch FROM notification.created_at - (data->>'fire_at')::"
        "timestamptz)::float, attempts, state, delivery.id::text FROM notification"
        " JOIN delivery ON notification_id = notification.id AND channel = 'email'"
        " WHERE kind = 'task.due' AND user_id = ANY(%s::uuid[])",
        (list({person for person, _ in promised.reminders}),),
    )


def settled(cluster: Cluster, promised: Promised) -> bool:
    """Everybody is told in the inbox and by e-mail, and nothing is on its way."""
    # Who died while sending holds the mail for five minutes; time is moved, but not for who is sending right now.
    cluster.sql(
        "notification",
        "UPDATE delivery SET next_attempt_at = now() - interval '1 minute'"
        " WHERE state = 'sending' AND next_attempt_at < now() + interval '4 minutes 40 seconds'",
    )
    rows = told(cluster, promised)
    return (
        len(rows) >= len(promised.reminders) and {row[4] for row in rows} == {"sent"} and not audit.unsettled(cluster)
    )


def mails(folder: Path, rows: list[tuple[Any, ...]]) -> dict[str, list[datetime]]:
    """When copies of each mail were accepted, by the id of its delivery."""
    deliveries = {row[5] for row in rows}
    accepted = defaultdict(list)
    for path in sorted(folder.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes())
        delivery = str(message["Message-ID"]).strip("<>").partition("@")[0]
        if delivery in deliveries:
            accepted[delivery].append(datetime.strptime(path.name[:19] + "+0000", "%Y%m%dT%H%M%S.%f%z"))
    return accepted


def explained(copies: list[datetime], attempts: int, promised: Promised) -> bool:
    """Whether between each two copies a mail worker died that had not yet written down that the first was accepted."""
    deaths = [at for name, at in promised.killed if name == "mail-worker"]
    between = all(any(first <= death <= second for death in deaths) for first, second in pairwise(copies))
    return between and attempts >= len(copies)


@pytest.mark.parametrize("scale", [SHORT, pytest.param(LONG, marks=pytest.mark.chaos)], ids=["short", "long"])
def test_each_reminder_is_told_once_whatever_is_killed(crowded: Cluster, scale: Scale) -> None:
    cluster, seed = crowded, random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    promised = asyncio.run(promise(cluster.url, scale))

    kill_throughout(cluster, scale, promised, random.Random(seed))  # noqa: S311 - as above
    until(lambda: settled(cluster, promised), within=SETTLED_WITHIN)

    rows = told(cluster, promised)
    tally = audit.Tally(f"{scale.reminders} reminders in {scale.seconds:g} s, in-app")
    tally.compare(Counter(promised.reminders), Counter((row[0], row[1]) for row in rows))
    late = sorted(row[2] for row in rows)
    tally.notes = f"late by {late[len(late) // 2]:.1f} s in the middle, {late[-1]:.1f} s at most"
    tally.notes += f"; killed {dict(Counter(name for name, _ in promised.killed))}, seed {seed}"
    audit.settle(tally)
    accepted = mails(cluster.directory.mail, rows)
    doubled = {row[5]: row for row in rows if len(accepted[row[5]]) > 1}
    by_mail = audit.Tally(f"{scale.reminders} reminders in {scale.seconds:g} s, by e-mail")
    by_mail.compare(Counter(row[5] for row in rows), Counter(list(accepted)))
    by_mail.notes = f"{sum(map(len, accepted.values())) - len(accepted)} sent twice by a mail worker that was killed"
    audit.settle(by_mail)
    assert [row for row in doubled.values() if not explained(accepted[row[5]], row[3], promised)] == []
    ledger = "SELECT DISTINCT state::text FROM reminder WHERE task_id::text = ANY(%s)"
    assert cluster.sql("task", ledger, ([task for _, task in promised.reminders],)) == [("fired",)]
