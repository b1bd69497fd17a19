"""A thousand reminders over two minutes, while processes and servers are killed: told once each, whatever dies."""

import random
import time
from datetime import UTC, datetime

import pytest

from tests.faults import promises
from tests.support.cluster import Cluster

NUMBER, AHEAD, SECONDS = 1000, 45.0, 120.0
KILLS = 90
SERVERS = ("postgres", "rabbitmq") * 4


@pytest.mark.chaos
def test_each_reminder_is_told_once_whatever_is_killed(crowded: Cluster) -> None:
    cluster, seed = crowded, random.randrange(10**6)  # noqa: S311 - another run each time; the number repeats it
    chance = random.Random(seed)  # noqa: S311 - as above
    promised = promises.promise(cluster.url, NUMBER, AHEAD, SECONDS)
    victims = [*SERVERS, *chance.choices(cluster.names, k=KILLS)]
    chance.shuffle(victims)

    for name in victims:
        time.sleep(chance.uniform(0.5, 1.5) * (AHEAD / 2 + SECONDS) / len(victims))
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
    promises.wait_until_told(cluster, promised)

    promises.settle(cluster, promised, f"{NUMBER} reminders in {SECONDS:g} s (seed {seed})")
