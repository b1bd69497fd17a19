"""The parts of the check, in the order in which they run. Each says what it saw, or raises AssertionError."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable

from tests.deployment.compose import ROOT, SMALL
from tests.deployment.live import images
from tests.deployment.live.monitoring import metrics
from tests.deployment.live.stack import PROJECT, Compose, docker
from tests.deployment.live.under_load import crashes, restore, scale, upgrade
from tests.deployment.live.writers import account_while

REACH = "import socket,sys; socket.setdefaulttimeout(3); socket.create_connection((sys.argv[1], int(sys.argv[2])))"


def build(stack: Compose) -> str:
    """The image from this tree."""
    version = stack.environment["PUNCTUAL_VERSION"]
    began = time.monotonic()
    images.build(ROOT, version)
    size = int(docker("image", "inspect", "--format", "{{.Size}}", f"punctual:{version}"))
    way = "without" if images.OFFLINE else "with"
    return f"{size / 1e6:.0f} MB in {time.monotonic() - began:.0f} s, {way} the network"


def start(stack: Compose) -> str:
    """`up` alone, on nothing, gives a working system."""
    return f"ready after {stack.up():.0f} s"


def walls(stack: Compose) -> str:
    """One port is open; the gateway finds no database; nobody is root; a missing secret is told."""
    opened = {}
    for service in stack.run("config", "--services").split():
        for container in stack.containers(service):
            opened[service] = [port for port, hosts in container["NetworkSettings"]["Ports"].items() if hosts]
            if container["Config"]["Image"].startswith("punctual:") and service != "secrets":
                assert container["Config"]["User"] == "10001:10001", service
                assert container["HostConfig"]["ReadonlyRootfs"], service
    assert [service for service, ports in opened.items() if ports] == ["gateway"], opened
    (postgres,) = stack.containers("postgres")
    (address,) = [network["IPAddress"] for network in postgres["NetworkSettings"]["Networks"].values()]
    for host in ("postgres", address):
        assert not _reaches(stack, "gateway", host, "5432"), host
        assert not _reaches(stack, "dashboard", host, "5432"), host
    assert _reaches(stack, "task", "postgres", "5432")
    assert not _reaches(stack, "dashboard", "rabbitmq", "5672")
    missing = stack.run("run", "--rm", "-T", "--no-deps", "-e", "PUNCTUAL_AMQP_URL_FILE=/none", "worker", check=False)
    assert "PUNCTUAL_AMQP_URL_FILE names /none, which can't be read" in missing, missing
    foreign = ("run", "--rm", "-T", "--no-deps", "--entrypoint", "cat /run/secrets/task_writer_url", "gateway")
    assert "Permission denied" in stack.run(*foreign, check=False)
    return "only the gateway is open; databases are out of its reach; secrets are their readers' own"


def story(stack: Compose) -> str:
    """The main story of tests/flows, three workers and schedulers, against these containers."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/flows/test_story.py"]
    environment = {**os.environ, **stack.environment, "PUNCTUAL_TEST_STACK": "compose"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout.strip().splitlines()[-1]


def endings(stack: Compose) -> str:
    """SIGTERM ends each process by itself, within 30 seconds."""
    began = time.monotonic()
    codes = {}
    stack.run("stop")
    for service in stack.run("config", "--services").split():
        for container in stack.containers(service):
            codes[service] = container["State"]["ExitCode"]
    own = {service: code for service, code in codes.items() if service not in ("postgres", "rabbitmq")}
    assert set(own.values()) == {0}, own
    return f"all ended with 0 after {time.monotonic() - began:.0f} s together"


def small(stack: Compose) -> str:
    """The same data in five containers, and an answer."""
    stack.run("down", "--remove-orphans")
    little = Compose(*SMALL, version=stack.environment["PUNCTUAL_VERSION"])
    little.run("up", "--detach", "--no-build", "--remove-orphans")
    little.wait()
    names = docker("ps", "--filter", f"label=com.docker.compose.project={PROJECT}", "--format", "{{.Names}}")
    running = [name for name in names.split() if "mail-catcher" not in name]
    account = account_while(little, lambda: asyncio.sleep(3))
    account.check()
    assert len(running) == 5, running
    return f"{', '.join(sorted(running))}: {account}"


_IN_ORDER = (build, start, walls, story, scale, metrics, crashes, upgrade, restore, endings, small)
PARTS: dict[str, Callable[[Compose], str]] = {part.__name__: part for part in _IN_ORDER}


def _reaches(stack: Compose, service: str, host: str, port: str) -> bool:
    container = stack.containers(service)[0]["Id"]
    command = ["docker", "exec", container, "python", "-c", REACH, host, port]
    tried = subprocess.run(command, capture_output=True, check=False)
    return tried.returncode == 0
