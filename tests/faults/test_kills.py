"""kill -9 of every kind of process at random moments, while sixteen people work."""

import random
import time
from collections import Counter

import pytest

from tests.faults import audit
from tests.faults.office import at_work
from tests.support.cluster import Cluster

KILLS = 200


@pytest.mark.chaos
def test_what_was_acknowledged_is_there_once_whatever_is_killed(cluster: Cluster) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    chance = random.Random(seed)  # noqa: S311 - as above
    killed: Counter[str] = Counter()

    with at_work(cluster.url, seed) as office:
        while killed.total() < KILLS:
            time.sleep(chance.uniform(0.2, 2.5))
            name = chance.choice(cluster.names)
            cluster.kill(name)
            time.sleep(chance.choice((0, 0, 0.3, 1)))
            cluster.revive(name)
            killed[name] += 1
        cluster.wait_until_ready()
    audit.wait_until_settled(cluster)

    tally = audit.writes(cluster, office, f"{KILLS} kills, writes")
    tally.notes += f"; killed {dict(killed)}, seed {seed}"
    audit.settle(tally)
    audit.settle(audit.notifications(cluster, office, f"{KILLS} kills, notifications"))
    assert audit.replicas(cluster) == []
    assert [client.contract for client in office.clients if client.contract] == []
    assert cluster.dead() == {}
