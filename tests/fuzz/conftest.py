"""One stack for all that comes through the front door."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flows.client import ApiClient, until
from tests.flows.stack import Stack, fresh_stack
from tests.fuzz.door import PROJECT, TASK
from tests.fuzz.figures import FIGURES
from tests.fuzz.scene import Scene, fill


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with fresh_stack("fuzz", PUNCTUAL_RATE_LIMIT="off") as started:
        yield started


@pytest.fixture(scope="session")
def scene(stack: Stack) -> Scene:
    return fill(stack)


@pytest.fixture(scope="session")
def admin(scene: Scene) -> ApiClient:
    """Whose project BAD, with a task in it, must look the same after each refusal."""
    client = scene.admin
    client.post("/api/v1/projects", {"key": "BAD", "name": "Bad input", "description": "As it was."})
    until(lambda: client.request("GET", f"{PROJECT}/statuses").status == 200)
    client.post(f"{PROJECT}/tasks", {"title": "As it was", "due": "2031-03-14"})
    client.post(f"{TASK}/comments", {"text": "As it was."})
    return client


@pytest.fixture(scope="session")
def people(scene: Scene) -> list[ApiClient]:
    """Four people, signed in."""
    clients = [ApiClient(scene.admin.url, f"p{number}@example.org").sign_in() for number in range(4)]
    for client, person in zip(clients, scene.people, strict=False):
        client.id = person
    return clients


@pytest.fixture
def unchanged(admin: ApiClient, stack: Stack) -> Iterator[ApiClient]:
    """The administrator; at the end nothing may have changed."""
    before = _state(admin, stack)
    yield admin
    assert _state(admin, stack) == before


def _state(client: ApiClient, stack: Stack) -> list[Any]:
    """All that the project is, as the API and the databases tell it."""
    paths = (PROJECT, f"{PROJECT}/members", f"{PROJECT}/statuses", f"{PROJECT}/invitations", f"{PROJECT}/tasks")
    paths += (f"{TASK}/history", f"{TASK}/comments", f"{TASK}/reminders", f"{TASK}/watchers")
    paths += ("/api/v1/users/me", "/api/v1/reminder-rules")
    counted = stack.sql("project", "SELECT count(*) FROM project"), stack.sql("task", "SELECT count(*) FROM task")
    return [*(client.get(path) for path in paths), counted]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much bad input there was."""
    if FIGURES:
        terminalreporter.section("bad input")
        for line in FIGURES:
            terminalreporter.line(line)
