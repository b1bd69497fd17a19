"""Connections cut, slowed and silenced between any two parts: nothing hangs, nothing leaks, nothing is lost."""

import random
import time
from collections import Counter

import pytest

from tests.faults import audit
from tests.faults.office import at_work
from tests.faults.wiring import Wiring, open_things, rewired
from tests.support.cluster import Cluster

# The gateway gives a request 10 s; silence and delay on two links may come on top.
ANSWERED_WITHIN = 20.0
# What is opened when first needed: by a web process eight connections a service, by each of a worker's six threads one
# to each database and, for retries, one of five descriptors to RabbitMQ.
MOST_MORE_DESCRIPTORS = 65
MOST_MORE_THREADS = 4


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


@pytest.mark.parametrize("times", [60, pytest.param(1000, marks=pytest.mark.chaos)])
def test_cut_connections_lose_nothing_hang_nowhere_and_leak_nothing(cluster: Cluster, times: int) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    chance = random.Random(seed)  # noqa: S311 - as above
    done: Counter[str] = Counter()

    with rewired(cluster) as wiring:
        with at_work(wiring.url, seed) as office:
            time.sleep(1)
            before = open_things(cluster)
            while done.total() < times:
                done[harm(wiring, chance)] += 1
        audit.wait_until_settled(cluster)
        after = open_things(cluster)

    tally = audit.writes(cluster, office, f"{times} times harm to connections, writes")
    waits = sorted(wait for write in office.writes for wait in write.waits)
    tally.notes += f"; {dict(done)}, {wiring.cuts} connections cut; descriptors and threads {before} then {after}"
    tally.notes += f"; the slowest answer took {waits[-1]:.1f} s; seed {seed}"
    audit.settle(tally)
    audit.settle(audit.notifications(cluster, office, f"{times} times harm to connections, notifications"))
    assert audit.replicas(cluster) == []
    assert waits[-1] < ANSWERED_WITHIN
    assert [client.contract for client in office.clients if client.contract] == []
    for name, (descriptors, threads) in after.items():
        assert descriptors <= before[name][0] + MOST_MORE_DESCRIPTORS, name
        assert threads <= before[name][1] + MOST_MORE_THREADS, name
    assert cluster.dead() == []
