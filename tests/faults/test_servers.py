"""PostgreSQL and RabbitMQ stopped, killed, hung and full while people write: told clearly, and nothing is lost."""

import random
import time

import pytest

from tests.faults import answers, audit
from tests.faults.office import at_work
from tests.support.cluster import Cluster

SECONDS = 20.0


@pytest.mark.chaos
def test_whatever_happens_to_the_servers_writes_are_taken_or_refused_and_none_is_lost(cluster: Cluster) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    got: list[answers.Answer] = []

    with at_work(cluster.url, seed) as office:
        for fault in answers.EVERY:
            got += answers.suffer(cluster, fault, office, SECONDS)
            time.sleep(SECONDS / 2)
    audit.wait_until_settled(cluster)

    tally = audit.writes(cluster, office, f"{', '.join(fault.name for fault in answers.EVERY)} for 20 s each, writes")
    tally.notes += f"; the slowest answer meanwhile took {max(each.seconds for each in got):.1f} s; seed {seed}"
    audit.settle(tally)
    audit.settle(audit.notifications(cluster, office, "the same, notifications"))
    assert audit.replicas(cluster) == []
    assert [each for each in got if not each.right] == []
    assert [client.contract for client in office.clients if client.contract] == []
    assert cluster.dead() == {}
