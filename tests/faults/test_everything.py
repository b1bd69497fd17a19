"""Half a minute of everything at once: people work, reminders come due, processes and servers die, in any order.

`make chaos` has the long forms, one kind of fault after the other.
"""

import random
import time
from collections import Counter
from datetime import UTC, datetime

from tests.faults import answers, audit, promises
from tests.faults.office import at_work
from tests.support.cluster import Cluster

KILLS = 15
REMINDERS, AHEAD, SECONDS = 100, 10.0, 15.0
OUTAGE_SECONDS = 3.0
# Between two requests of a client. Without one they are all that the machine does, and beside other tests too much.
PAUSE = 0.25


def test_half_a_minute_of_faults_loses_nothing_and_doubles_nothing(crowded: Cluster) -> None:
    cluster, seed = crowded, random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    chance = random.Random(seed)  # noqa: S311 - as above
    harms: list[answers.Fault | str] = [*answers.USUAL, *chance.choices(cluster.names, k=KILLS)]
    chance.shuffle(harms)
    got: list[answers.Answer] = []

    with at_work(cluster.url, seed, PAUSE) as office:
        promised = promises.promise(cluster.url, REMINDERS, AHEAD, SECONDS)
        for harm in harms:
            time.sleep(chance.uniform(0.1, 1.2))
            if isinstance(harm, answers.Fault):
                got += answers.suffer(cluster, harm, office, OUTAGE_SECONDS)
            else:
                cluster.kill(harm)
                promised.killed.append((harm, datetime.now(UTC)))
                cluster.revive(harm)
        cluster.wait_until_ready()
    audit.wait_until_settled(cluster)
    promises.wait_until_told(cluster, promised)

    outages = ", ".join(fault.name for fault in answers.USUAL)
    tally = audit.writes(cluster, office, f"{KILLS} kills, {outages}: writes")
    tally.notes += f"; the slowest answer during outages took {max(each.seconds for each in got):.1f} s; seed {seed}"
    audit.settle(tally)
    audit.settle(audit.notifications(cluster, office, "the same: notifications"))
    promises.settle(cluster, promised, f"the same: {REMINDERS} reminders")
    assert audit.replicas(cluster) == []
    assert [each for each in got if not each.right] == []
    assert [client.contract for client in office.clients if client.contract] == []
    assert cluster.dead() == {}
    assert Counter(name for name, _ in promised.killed).total() == KILLS
