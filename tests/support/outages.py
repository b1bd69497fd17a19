"""What can happen to PostgreSQL and RabbitMQ: each a context manager; afterwards the server is well again."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from punctual.commands.local.server import PrivateServer
from tests.support.cluster import Cluster

Outage = Callable[[Cluster], AbstractContextManager[None]]


@contextlib.contextmanager
def postgres_stopped(cluster: Cluster) -> Iterator[None]:
    """An orderly shutdown: whoever is connected is sent away."""
    cluster.postgres.stop()
    try:
        yield
    finally:
        cluster.postgres.start()


@contextlib.contextmanager
def postgres_killed(cluster: Cluster) -> Iterator[None]:
    """All its processes at once, by kill -9."""
    cluster.postgres.kill()
    try:
        yield
    finally:
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
    try:
        yield
    finally:
        cluster.rabbitmq.start()


@contextlib.contextmanager
def rabbitmq_killed(cluster: Cluster) -> Iterator[None]:
    """All its processes at once, by kill -9."""
    cluster.rabbitmq.kill()
    try:
        yield
    finally:
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
    cluster.rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1MB")
    try:
        yield
    finally:
        cluster.rabbitmqctl("set_vm_memory_high_watermark", "0.4")


@contextlib.contextmanager
def disk_alarm(cluster: Cluster) -> Iterator[None]:
    """RabbitMQ blocks whoever publishes because its disk is full."""
    cluster.rabbitmqctl("set_disk_free_limit", "1000000GB")
    try:
        yield
    finally:
        cluster.rabbitmqctl("set_disk_free_limit", "50MB")


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
