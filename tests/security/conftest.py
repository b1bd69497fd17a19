"""One stack for all of these tests, as talkative as it can be, and a second gateway with the limits on."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator

import pytest

from punctual.commands.local.ports import Ports
from punctual.commands.local.processes import ending_with_parent
from tests.flows.stack import ROOT, Stack, fresh_stack
from tests.security.api import Api, Person, opened
from tests.security.scene import Scene, scene
from tests.support.figures import section

SECRETS: set[str] = set()
FIGURES = section("measured by the tests of security")


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """Everything at its most talkative, without rate limits; its first account is the administrator."""
    with fresh_stack("security", PUNCTUAL_RATE_LIMIT="off", PUNCTUAL_LOG_LEVEL="debug") as started:
        yield started


@pytest.fixture(scope="package")
def root(stack: Stack) -> Person:
    """The administrator of the instance. Copy for a test's own client."""

    async def register() -> Person:
        async with opened(stack.url, SECRETS) as api:
            return await Person(api, "root@example.org", "root's long password").register("Root")

    return asyncio.run(register())


@pytest.fixture(scope="package")
def set_up(stack: Stack, root: Person) -> Scene:
    """The people and things of scene.py."""

    async def make() -> Scene:
        async with opened(stack.url, SECRETS) as api:
            return await scene(stack, root, api)

    return asyncio.run(make())


@pytest.fixture
async def api(stack: Stack, root: Person) -> AsyncIterator[Api]:
    """A client of the gateway."""
    async with opened(stack.url, SECRETS) as client:
        yield client


@pytest.fixture
def here(set_up: Scene, api: Api) -> Scene:
    """The scene, for this test's own client."""
    return set_up.through(api)


@pytest.fixture(scope="package")
def limited(stack: Stack) -> Iterator[str]:
    """The address of another gateway to the same services, with rate limits."""
    port = Ports(stack.root / "limited-port.json").free("gateway")
    variables = {**os.environ, **stack.variables(), "PUNCTUAL_RATE_LIMIT": "on", "PUNCTUAL_PORT": str(port)}
    log = (stack.root / "logs" / "gateway-limited.log").open("wb")
    command = [*ending_with_parent(signal.SIGTERM), sys.executable, "-m", "punctual", "serve", "gateway"]
    with log, subprocess.Popen(command, env=variables, stdout=log, stderr=log, cwd=ROOT) as process:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/health/ready")
        yield url
        process.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own gateway
            return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, f"{url} doesn't answer"
            time.sleep(0.1)
