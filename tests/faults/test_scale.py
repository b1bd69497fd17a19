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
from tests.support.nodes import Node

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

    with at_work(fleet.url, seed) as office:
        promised = promises.promise(fleet.url, number, HEAD_START + number / 10, seconds)
        ends_at = time.monotonic() + seconds
        down: Node | None = None
        while time.monotonic() < ends_at:
            down = next_of_nodes(fleet, down, promised, chance)
            kill(fleet, chance.choice(fleet.names), promised, chance)
        if down:
            down.start()
        fleet.wait_until_ready()
    settle(fleet, promised)

    killed = Counter(name.rstrip("-123") for name, _ in promised.killed)
    what = f"3 nodes, 3 of each worker, 2 of each service, {seconds} s of kill -9"
    tally = audit.writes(fleet, office, f"{what}: writes")
    tally.notes += f"; killed {dict(sorted(killed.items()))}; seed {seed}"
    audit.settle(tally)
    audit.settle(audit.notifications(fleet, office, f"{what}: notifications"))
    promises.settle(fleet, promised, f"{what}: {number} reminders")
    assert audit.replicas(fleet) == []
    assert [client.contract for client in office.clients if client.contract] == []
    assert fleet.dead() == {}


def next_of_nodes(fleet: Fleet, down: Node | None, promised: promises.Promised, chance: random.Random) -> Node | None:
    """Kill a node; the next time start it again; and when it answers, it is another's turn. Which one is away."""
    if down is None:
        down = chance.choice(list(fleet.nodes.values()))
        down.kill()
        promised.killed.append((down.name, datetime.now(UTC)))
    elif not down.running():
        down.launch()
    elif down.answers():
        return None
    return down


def kill(fleet: Fleet, name: str, promised: promises.Promised, chance: random.Random) -> None:
    """Kill a process, and start it again."""
    fleet.kill(name)
    promised.killed.append(("mail-worker" if name.startswith("mail-worker") else name, datetime.now(UTC)))
    time.sleep(chance.uniform(0, 0.5))
    fleet.revive(name)
    time.sleep(chance.uniform(0.2, 1.5))


def settle(fleet: Fleet, promised: promises.Promised) -> None:
    """Nothing is under way any more, also not unseen."""
    for _ in range(2):
        audit.wait_until_settled(fleet, within=180)
        promises.wait_until_told(fleet, promised)
        time.sleep(QUEUES_TOLD_SECONDS)
