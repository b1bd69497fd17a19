"""What can happen to PostgreSQL and RabbitMQ: each a context manager; afterwards the server is well again."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from punctual.commands.local import programs
from punctual.commands.local.server import PrivateServer
from tests.support.cluster import Cluster

Outage = Callable[[Cluster], AbstractContextManager[None]]


@contextlib.contextmanager
def postgres_stopped(cluster: Cluster) -> Iterator[None]:
    """An orderly shutdown: whoever is connected is sent away."""
    cluster.postgres.stop()
    yield
    cluster.postgres.start()


@contextlib.contextmanager
def postgres_killed(cluster: Cluster) -> Iterator[None]:
    """All its processes at once, by kill -9."""
    cluster.postgres.kill()
    yield
    cluster.postgres.start()


@contextlib.contextmanager
def postgres_frozen(cluster: Cluster) -> Iterator[None]:
    """It is there, takes connections, and says nothing (SIGSTOP)."""
    with _frozen(cluster.postgres):
        yield


@contextlib.contextmanager
def rabbitmq_stopped(cluster: Cluster) -> Iterator[None]:
    """An orderly shutdown."""
    cluster.rabbitmq.stop()
    yield
    cluster.rabbitmq.start()


@contextlib.contextmanager
def rabbitmq_killed(cluster: Cluster) -> Iterator[None]:
    """All its processes at once, by kill -9."""
    cluster.rabbitmq.kill()
    yield
    cluster.rabbitmq.start()


@contextlib.contextmanager
def rabbitmq_frozen(cluster: Cluster) -> Iterator[None]:
    """It is there and says nothing (SIGSTOP)."""
    with _frozen(cluster.rabbitmq):
        yield


@contextlib.contextmanager
def both_killed(cluster: Cluster) -> Iterator[None]:
    """Neither server is there."""
    with rabbitmq_killed(cluster), postgres_killed(cluster):
        yield


@contextlib.contextmanager
def memory_alarm(cluster: Cluster) -> Iterator[None]:
    """RabbitMQ blocks whoever publishes because its memory is used up."""
    _control(cluster, "set_vm_memory_high_watermark", "absolute", "1MB")
    yield
    _control(cluster, "set_vm_memory_high_watermark", "0.4")


@contextlib.contextmanager
def disk_alarm(cluster: Cluster) -> Iterator[None]:
    """RabbitMQ blocks whoever publishes because its disk is full."""
    _control(cluster, "set_disk_free_limit", "1000TB")
    yield
    _control(cluster, "set_disk_free_limit", "50MB")


@contextlib.contextmanager
def _frozen(server: PrivateServer) -> Iterator[None]:
    pids = server.processes()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _control(cluster: Cluster, *arguments: str) -> None:
    server = programs.rabbitmq()
    assert server
    environment = cluster.rabbitmq._environment()
    subprocess.run([server.with_name("rabbitmqctl"), *arguments], env=environment, check=True, capture_output=True)
