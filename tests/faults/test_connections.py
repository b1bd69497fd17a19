"""Connections cut, slowed and silenced between any two parts: nothing hangs, nothing leaks, nothing is lost."""

import random
import time
from collections import Counter

import pytest

from tests.faults import audit
from tests.faults.office import at_work
from tests.faults.wiring import Held, Wiring, held, rewired
from tests.support.cluster import Cluster

# The gateway gives a request 10 s; silence and delay on two links may come on top.
ANSWERED_WITHIN = 20.0
# What is opened when first needed, and then kept: by a web process eight connections to each database. By a worker
# one to each database for each of its threads (eight for mail) and of the six that tidy up behind the relay; and for
# retries and delayed messages one to RabbitMQ (its socket, its poll, a pair to wake it) in each of the eight and of the
# ten threads that read the delayed queues.
MOST_MORE_DESCRIPTORS = (8 + 6) * 5 + (8 + 10) * 4
# A leak goes on growing; what is opened once doesn't, after a first quarter of all the harm.
MOST_MORE_LATER = 12
MANY = 500
MOST_MORE_THREADS = 4
MOST_MORE_TASKS = 12


def harm(wiring: Wiring, chance: random.Random) -> str:
    """Do something bad to a link, and stop it again."""
    link = chance.choice(list(wiring.proxies))
    proxy = wiring.proxies[link]
    what = chance.choices(("reset", "end", "delay", "mute", "refuse"), (45, 25, 10, 10, 10))[0]
    if what in ("reset", "end"):
        proxy.cut(reset=what == "reset")
        time.sleep(chance.uniform(0.02, 0.3))
    elif what == "delay":
        proxy.delay = 0.3
        time.sleep(0.6)
        proxy.delay = 0
    elif what == "mute":
        proxy.mute = True
        time.sleep(chance.uniform(0.2, 1.2))
        proxy.mute = False
    else:
        proxy.refuse = True
        proxy.cut()
        time.sleep(chance.uniform(0.1, 0.6))
        proxy.refuse = False
    return what


@pytest.mark.parametrize(("times", "pause"), [(12, 0.25), pytest.param(1000, 0, marks=pytest.mark.chaos)])
def test_cut_connections_lose_nothing_hang_nowhere_and_leak_nothing(cluster: Cluster, times: int, pause: float) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    chance = random.Random(seed)  # noqa: S311 - as above

    with rewired(cluster) as wiring:
        first = held(cluster, wiring)
        wear(cluster, wiring, chance, times // 4, pause)
        early = held(cluster, wiring)
        wear(cluster, wiring, chance, times - times // 4, pause)
        late = held(cluster, wiring)

    audit.TALLIES.append(
        f"descriptors, threads, tasks: {told(first)}; then {told(early)}; then {told(late)}; seed {seed}"
    )
    assert audit.replicas(cluster) == []
    for name, now in late.items():
        assert now.descriptors <= first[name].descriptors + MOST_MORE_DESCRIPTORS, name
        assert times < MANY or now.descriptors <= early[name].descriptors + MOST_MORE_LATER, name
        assert now.threads <= first[name].threads + MOST_MORE_THREADS, name
        # A worker publishes, and has the tasks for it, from its first work on.
        assert now.tasks <= early[name].tasks + MOST_MORE_TASKS, name
    assert cluster.dead() == {}


def told(things: dict[str, Held]) -> str:
    """Such as "gateway 16/5/13, services 24/7/22"."""
    return ", ".join(f"{name} {each}" for name, each in things.items())


def wear(cluster: Cluster, wiring: Wiring, chance: random.Random, times: int, pause: float) -> None:
    """So many times harm while an office works through the proxies; what it was promised is counted."""
    done: Counter[str] = Counter()
    before = wiring.cuts
    with at_work(wiring.url, chance.randrange(10**6), pause) as office:
        time.sleep(1)
        while done.total() < times:
            done[harm(wiring, chance)] += 1
    audit.wait_until_settled(cluster)
    tally = audit.writes(cluster, office, f"{times} times harm to connections, writes")
    slowest = max(wait for write in office.writes for wait in write.waits)
    tally.notes += f"; {dict(done)}, {wiring.cuts - before} connections cut; the slowest answer took {slowest:.1f} s"
    audit.settle(tally)
    audit.settle(audit.notifications(cluster, office, f"{times} times harm to connections, notifications"))
    assert slowest < ANSWERED_WITHIN
    assert [client.contract for client in office.clients if client.contract] == []
