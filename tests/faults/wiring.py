"""Every connection of a cluster led through a proxy that can cut it."""

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from punctual.kit.settings import SERVICES
from tests.flows.client import until
from tests.support.cluster import Cluster
from tests.support.proxy import Proxy, proxied

# Who is started again for it; a second worker would do the work beside the proxies.
REWIRED = ("gateway", "services", "worker-1", "mail-worker")
IDLE = ("worker-2",)


@dataclass(frozen=True, slots=True)
class Wiring:
    """The proxies by the link that leads through each, and the gateway's address behind one."""

    proxies: dict[str, Proxy]
    url: str

    @property
    def cuts(self) -> int:
        """How many connections were cut."""
        return sum(proxy.cuts for proxy in self.proxies.values())


@contextlib.contextmanager
def rewired(cluster: Cluster) -> Iterator[Wiring]:
    """The cluster with proxies in all of its connections; afterwards without."""
    before = dict(cluster.variables)
    with contextlib.ExitStack() as stack:

        def through(link: str, url: str) -> str:
            parts = urlsplit(url)
            assert parts.hostname
            assert parts.port
            if link not in proxies:
                proxies[link] = stack.enter_context(proxied(parts.hostname, parts.port))
            return url.replace(f":{parts.port}", f":{proxies[link].port}", 1)

        proxies: dict[str, Proxy] = {}
        urls = {name: f"PUNCTUAL_URL_{name.upper()}" for name in SERVICES}
        readers = [f"PUNCTUAL_DATABASE_READER_URL_{name.upper()}" for name in SERVICES]
        writers = [f"PUNCTUAL_DATABASE_URL_{name.upper()}" for name in SERVICES]
        amqp, smtp = "PUNCTUAL_AMQP_URL", "PUNCTUAL_SMTP_URL"
        cluster.kill(*REWIRED, *IDLE)
        cluster.revive("gateway", **{name: through(f"gateway to {to}", before[name]) for to, name in urls.items()})
        cluster.revive(
            "services",
            **{name: through("services to PostgreSQL", before[name]) for name in readers},
            **{amqp: through("services to RabbitMQ", before[amqp])},
        )
        for worker in ("worker-1", "mail-worker"):
            cluster.revive(
                worker,
                **{name: through("workers to PostgreSQL", before[name]) for name in writers},
                **{amqp: through("workers to RabbitMQ", before[amqp])},
                **{smtp: through("mail worker to SMTP", before[smtp])},
            )
        cluster.wait_until_ready()
        try:
            yield Wiring(proxies, through("clients to gateway", cluster.url))
        finally:
            for proxy in proxies.values():
                proxy.refuse = proxy.mute = False
                proxy.delay = 0
            cluster.kill(*REWIRED)
            cluster.revive(*REWIRED, *IDLE, **before)
            cluster.wait_until_ready()


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds: open file descriptors, threads, and tasks of its event loop."""

    descriptors: int
    threads: int
    tasks: int

    def __str__(self) -> str:
        return f"{self.descriptors}/{self.threads}/{self.tasks}"


def held(cluster: Cluster, wiring: Wiring) -> dict[str, Held]:
    """What each rewired process holds once every connection was cut: idle ones don't count then."""
    until(lambda: all(_works(cluster, name) for name in REWIRED), within=60)
    for proxy in wiring.proxies.values():
        proxy.cut()
    cluster.wait_until_ready()
    return {
        name: Held(_count(pid, "fd"), _count(pid, "task"), _tasks(cluster, name))
        for name in REWIRED
        for pid in [cluster.pid(name)]
    }


def _works(cluster: Cluster, name: str) -> bool:
    """Whether it has come to its work: a process that has just begun has hardly anything."""
    return _count(cluster.pid(name), "task") > 3


def _count(pid: int, kind: str) -> int:
    return len(os.listdir(f"/proc/{pid}/{kind}"))  # noqa: PTH208 - some may be gone before they are looked at


def _tasks(cluster: Cluster, name: str) -> int:
    """What the process tells in its log when it is asked by a signal."""
    log = cluster.directory.log(name)
    begin = log.stat().st_size
    os.kill(cluster.pid(name), signal.SIGUSR1)

    def told() -> int:
        lines = log.read_bytes()[begin:].splitlines()
        [*_, counts] = [{}, *(json.loads(line)["tasks"] for line in lines if b'"at work"' in line)]
        return sum(counts.values())

    return until(told)
