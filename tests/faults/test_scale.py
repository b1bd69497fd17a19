"""Past one machine, on one: three nodes of RabbitMQ, three of each worker, two of each service; kill -9 of any."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.faults import audit, promises
from tests.faults.office import at_work
from tests.support.fleet import Fleet, fresh_fleet

REMINDERS_A_SECOND = 3
# To make the promises before the first is due.
HEAD_START = 15.0
# RabbitMQ tells the lengths of quorum queues with so much delay.
QUEUES_TOLD_SECONDS = 6.0


@pytest.fixture(scope="module")
def fleet() -> Iterator[Fleet]:
    """Everything several times."""
    with fresh_fleet("fleet", PUNCTUAL_RATE_LIMIT="off", PUNCTUAL_WORKER_THREADS="6") as started:
        yield started


@pytest.mark.chaos
@pytest.mark.parametrize("seconds", [20, 120])
def test_nodes_and_processes_are_killed_and_nothing_is_lost_or_doubled(fleet: Fleet, seconds: int) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    chance = random.Random(seed)  # noqa: S311 - as above
    number = REMINDERS_A_SECOND * seconds
    killed: Counter[str] = Counter()

    with at_work(fleet.url, seed) as office:
        promised = promises.promise(fleet.url, number, HEAD_START + number / 10, seconds)
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            for name in (chance.choice(list(fleet.nodes)), *chance.sample(fleet.names, 4)):
                kill(fleet, name, promised, chance)
                killed[name] += 1
        fleet.wait_until_ready()
    settle(fleet, promised)

    what = f"3 nodes, 3 of each worker, 2 of each service, {seconds} s of kill -9"
    tally = audit.writes(fleet, office, f"{what}: writes")
    tally.notes += f"; killed {dict(sorted(killed.items()))}; seed {seed}"
    audit.settle(tally)
    audit.settle(audit.notifications(fleet, office, f"{what}: notifications"))
    promises.settle(fleet, promised, f"{what}: {number} reminders")
    assert audit.replicas(fleet) == []
    assert [client.contract for client in office.clients if client.contract] == []
    assert fleet.dead() == []


def kill(fleet: Fleet, name: str, promised: promises.Promised, chance: random.Random) -> None:
    """Kill a node or a process, and start it again; no second node before the first is back."""
    mailing = name.startswith("mail-worker")
    promised.killed.append(("mail-worker" if mailing else name, datetime.now(UTC)))
    if node := fleet.nodes.get(name):
        node.kill()
        time.sleep(chance.uniform(0, 2))
        node.launch()
        node.wait_until_ready()
    else:
        fleet.kill(name)
        time.sleep(chance.uniform(0, 0.5))
        fleet.revive(name)
        time.sleep(chance.uniform(0, 1))


def settle(fleet: Fleet, promised: promises.Promised) -> None:
    """Nothing is under way any more, also not unseen."""
    for _ in range(2):
        audit.wait_until_settled(fleet, within=180)
        promises.wait_until_told(fleet, promised)
        time.sleep(QUEUES_TOLD_SECONDS)
