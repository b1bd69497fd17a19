"""The parts of the check, in the order in which they run. Each prints what it saw, or raises AssertionError."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.deployment.compose import ROOT, SMALL
from tests.deployment.live.stack import Compose, docker
from tests.deployment.live.writers import Account, Writers

REACH = "import socket,sys; socket.setdefaulttimeout(3); socket.create_connection((sys.argv[1], int(sys.argv[2])))"
KILLED = ("task", "worker", "project", "mail-worker", "scheduler", "auth", "gateway", "rabbitmq", "postgres")
MIGRATION = "-- depends: {}\n\nALTER TABLE task ADD COLUMN tried_by_check integer NOT NULL DEFAULT 7;\n"
GATEWAY_AWAY = 0


def build(stack: Compose) -> str:
    """The image from this tree, without the network where wheels are at hand."""
    offline = any((ROOT / "deployment" / "wheels").glob("*.whl"))
    began = time.monotonic()
    _build(ROOT, stack.environment["PUNCTUAL_VERSION"], offline=offline)
    size = int(docker("image", "inspect", "--format", "{{.Size}}", _image(stack)))
    return f"{size / 1e6:.0f} MB in {time.monotonic() - began:.0f} s, {'without' if offline else 'with'} the network"


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


def scale(stack: Compose) -> str:
    """Three workers and two task services, found and used by the gateway, while people write."""

    async def during() -> None:
        await asyncio.to_thread(stack.up, worker=3, task=2)
        await asyncio.sleep(25)

    account = _while(stack, during)
    account.check()
    shares = []
    for container in stack.containers("task"):
        log = docker("logs", "--since", "20s", container["Id"]) + _errors(container["Id"])
        shares.append(log.count('"POST"'))
    assert len(shares) == 2, shares
    assert all(share > sum(shares) / 5 for share in shares), shares
    return f"{account}; requests of the last 20 s by replica: {shares}"


def crashes(stack: Compose) -> str:
    """Processes are killed, one every two seconds, servers too."""
    chosen = random.Random(5)  # noqa: S311 - the same every time

    async def during() -> None:
        for service in chosen.sample(KILLED, len(KILLED)) * 2:
            await asyncio.to_thread(stack.crash, service)
            await asyncio.sleep(2)
        await asyncio.to_thread(stack.wait)

    account = _while(stack, during)
    account.check(GATEWAY_AWAY, 502, 503, 504)
    return f"{2 * len(KILLED)} kills: {account}"


def upgrade(stack: Compose) -> str:
    """The next version, with a migration, in place: `up` again, while people write."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "next"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv", ".local", "__pycache__", ".*_cache"))
        last = max((tree / "migrations" / "task").glob("*.sql"))
        (last.parent / "9999.check.sql").write_text(MIGRATION.format(last.stem))
        _build(tree, "check-next", offline=any((ROOT / "deployment" / "wheels").glob("*.whl")))
    stack.environment["PUNCTUAL_VERSION"] = "check-next"

    async def during() -> None:
        await asyncio.sleep(2)
        await asyncio.to_thread(stack.up)
        await asyncio.sleep(2)

    account = _while(stack, during)
    account.check(GATEWAY_AWAY, 503)
    assert stack.sql("task", "SELECT DISTINCT tried_by_check FROM task") == [(7,)]
    for service in ("gateway", "task", "worker", "scheduler"):
        images = {container["Config"]["Image"] for container in stack.containers(service)}
        assert images == {"punctual:check-next"}, service
    return str(account)


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
    little = Compose(*SMALL, version=stack.environment["PUNCTUAL_VERSION"])
    little.run("up", "--detach", "--no-build", "--remove-orphans")
    little.wait()
    names = docker("ps", "--filter", "label=com.docker.compose.project=punctual-check", "--format", "{{.Names}}")
    running = [name for name in names.split() if "mail-catcher" not in name]
    account = _while(little, lambda: asyncio.sleep(3))
    account.check()
    assert len(running) == 5, running
    return f"{', '.join(sorted(running))}: {account}"


PARTS: dict[str, Callable[[Compose], str]] = {
    part.__name__: part for part in (build, start, walls, story, scale, crashes, upgrade, endings, small)
}


def _while(stack: Compose, during: Callable[[], Awaitable[None]]) -> Account:
    writers = Writers(stack)

    async def run() -> None:
        async with writers.writing():
            await during()

    asyncio.run(run())
    return writers.account()


def _image(stack: Compose) -> str:
    return f"punctual:{stack.environment['PUNCTUAL_VERSION']}"


def _build(tree: Path, version: str, *, offline: bool) -> None:
    network = ["--network", "none"] if offline else []
    command = ["docker", "build", "--quiet", *network, "--tag", f"punctual:{version}"]
    done = subprocess.run(
        [*command, "--file", str(tree / "deployment" / "Dockerfile"), str(tree)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def _reaches(stack: Compose, service: str, host: str, port: str) -> bool:
    container = stack.containers(service)[0]["Id"]
    command = ["docker", "exec", container, "python", "-c", REACH, host, port]
    tried = subprocess.run(command, capture_output=True, check=False)
    return tried.returncode == 0


def _errors(container: str) -> str:
    return subprocess.run(
        ["docker", "logs", "--since", "20s", container], check=True, capture_output=True, text=True
    ).stderr
