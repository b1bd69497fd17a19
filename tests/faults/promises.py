"""Reminders that come due one after the other, and whether each was told once, whoever was killed meanwhile."""

import asyncio
import email
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from uuid import uuid4

import aiohttp

from tests.faults import audit
from tests.support.cluster import Cluster
from tests.support.retrying import RetryingClient, Write
from tests.support.services import eventually

PEOPLE = 5
# What the catcher had in hand when the sender died gets its time a moment later.
SLOW_CATCHER = timedelta(seconds=1)
_TOLD = (
    "SELECT user_id::text, task_id::text, delivery.id::text AS delivery, state, attempts,"
    " extract(epoch FROM notification.created_at - (data->>'fire_at')::timestamptz)::float AS late"
    " FROM notification JOIN delivery ON notification_id = notification.id AND channel = 'email'"
    " WHERE kind = 'task.due' AND task_id = ANY(%s::uuid[])"
)


@dataclass(slots=True)
class Promised:
    """What everybody was promised, as (person, task); and who was killed when."""

    reminders: set[tuple[str, str]] = field(default_factory=set)
    killed: list[tuple[str, datetime]] = field(default_factory=list)

    @property
    def tasks(self) -> list[str]:
        """Their ids."""
        return [task for _, task in self.reminders]


def promise(url: str, number: int, ahead: float, seconds: float) -> Promised:
    """So many tasks that come due within so many seconds, the first `ahead` of when their people are there.

    Each is assigned to who made it, to be told only at the deadline.
    """

    async def everybody() -> Promised:
        promised = Promised()
        async with aiohttp.ClientSession() as session:
            people = [RetryingClient(session, url, f"r-{uuid4().hex[:8]}") for _ in range(PEOPLE)]
            projects = await asyncio.gather(*map(_enter, people))
            begins = datetime.now(UTC) + timedelta(seconds=ahead)
            dues = [begins + timedelta(seconds=seconds * each / number) for each in range(number)]
            places = enumerate(zip(people, projects, strict=True))
            await asyncio.gather(*(_promise(*place, dues[first::PEOPLE], promised) for first, place in places))
        assert datetime.now(UTC) < begins, "The first deadline had passed before the last task was made."
        return promised

    return asyncio.run(everybody())


async def _enter(me: RetryingClient) -> str:
    """Somebody with a project that the task service knows; its key."""
    await me.register()
    await me.write("PUT", "/api/v1/reminder-rules", {"rules": ["PT0S"]})
    key = "R" + uuid4().hex[:9].upper()
    await me.write("POST", "/api/v1/projects", {"key": key, "name": "Reminders"})
    # Nobody is assigned to it, so nobody is promised anything.
    await eventually(partial(_created, me, key, {"title": "The first"}), within=20)
    return key


async def _promise(me: RetryingClient, project: str, dues: list[datetime], promised: Promised) -> None:
    for due in dues:
        body = {"title": "Due", "assignees": [str(me.id)], "due": due.strftime("%Y-%m-%dT%H:%M:%SZ")}
        task = await eventually(partial(_created, me, project, body), within=20)
        promised.reminders.add((str(me.id), task.answer["id"]))


async def _created(me: RetryingClient, project: str, body: dict[str, Any]) -> Write | None:
    """None while the task service doesn't know the project, or its owner, yet."""
    task = await me.write("POST", f"/api/v1/projects/{project}/tasks", body)
    return task if task.state == "done" else None


def wait_until_told(cluster: Cluster, promised: Promised, within: float = 150.0) -> None:
    """Everybody was told in the inbox and by e-mail, and nothing is on its way. Raises AssertionError."""
    deadline = time.monotonic() + within
    while left := _left(cluster, promised):
        assert time.monotonic() < deadline, f"After {within:g} s there is still {left}"
        time.sleep(0.2)


def _left(cluster: Cluster, promised: Promised) -> object:
    # Who died while sending holds the mail for five minutes; time is moved, but not for who is sending right now.
    cluster.sql(
        "notification",
        "UPDATE delivery SET next_attempt_at = now() - interval '1 minute'"
        " WHERE state = 'sending' AND next_attempt_at < now() + interval '4 minutes 40 seconds'",
    )
    stands = Counter(row[3] for row in cluster.sql("notification", _TOLD, (promised.tasks,)))
    if stands.total() < len(promised.reminders) or set(stands) != {"sent"}:
        return dict(stands)
    return audit.unsettled(cluster)


def settle(cluster: Cluster, promised: Promised, what: str) -> None:
    """Count what was told, by both channels, and explain each double."""
    rows = cluster.sql("notification", _TOLD, (promised.tasks,))
    in_app = audit.Tally(f"{what}, in-app")
    in_app.compare(Counter(promised.reminders), Counter((row[0], row[1]) for row in rows))
    late = sorted(row[5] for row in rows)
    in_app.notes = f"late by {late[len(late) // 2]:.1f} s in the middle, {late[-1]:.1f} s at most"
    in_app.notes += f"; killed {dict(Counter(name for name, _ in promised.killed))}"
    accepted = _accepted(cluster, {row[2] for row in rows})
    by_mail = audit.Tally(f"{what}, by e-mail")
    by_mail.compare(Counter(row[2] for row in rows), Counter(list(accepted)))
    again = sum(map(len, accepted.values())) - len(accepted)
    by_mail.notes = f"{again} sent twice, under one Message-ID, by a mail worker killed before it could note the first"

    audit.settle(in_app)
    audit.settle(by_mail)
    strange = {row[2]: (row[4], accepted[row[2]]) for row in rows if not _explained(accepted[row[2]], row[4], promised)}
    assert strange == {}, [death for death in promised.killed if death[0] == "mail-worker"]
    ledger = "SELECT DISTINCT state::text FROM reminder WHERE task_id::text = ANY(%s)"
    assert cluster.sql("task", ledger, (promised.tasks,)) == [("fired",)]


def _accepted(cluster: Cluster, deliveries: set[str]) -> dict[str, list[datetime]]:
    """When the copies of each mail were accepted, by the delivery that its Message-ID names."""
    accepted = defaultdict(list)
    for path in sorted(cluster.directory.mail.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes())
        delivery = str(message["Message-ID"]).strip("<>").partition("@")[0]
        if delivery in deliveries:
            accepted[delivery].append(datetime.strptime(path.name[:19] + "+0000", "%Y%m%dT%H%M%S.%f%z"))
    return accepted


def _explained(copies: list[datetime], attempts: int, promised: Promised) -> bool:
    """Whether between each two copies a mail worker died that had not yet written down that the first was accepted."""
    deaths = [at for name, at in promised.killed if name == "mail-worker"]
    between = all(
        any(first - SLOW_CATCHER <= death <= second for death in deaths) for first, second in pairwise(copies)
    )
    return between and attempts >= len(copies)
