"""One stack for all that comes through the front door."""

import contextlib
from collections.abc import Iterator

import psycopg2
import pytest
from psycopg2.extensions import cursor

from punctual.kit.canary import CANARY
from tests.flows.client import ApiClient, until
from tests.flows.stack import Stack, fresh_stack
from tests.fuzz.door import PROJECT, TASK
from tests.fuzz.scene import Scene, fill

TABLES = {
    "project": ("project", "member", "invitation"),
    "task": ("task", "status", "comment", "history", "reminder", "reminder_rules", "task_reminder_rules"),
    "user": ("profile",),
    "notification": ("preference",),
}


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    with fresh_stack("fuzz", PUNCTUAL_RATE_LIMIT="off") as started:
        yield started


@pytest.fixture(scope="package")
def scene(stack: Stack) -> Scene:
    return fill(stack)


@pytest.fixture(scope="package")
def admin(scene: Scene) -> ApiClient:
    """Whose project BAD, with a task in it, must look the same after each refusal."""
    client = scene.admin
    client.post("/api/v1/projects", {"key": "BAD", "name": "Bad input", "description": "As it was."})
    until(lambda: client.request("GET", f"{PROJECT}/statuses").status == 200)
    client.post(f"{PROJECT}/tasks", {"title": "As it was", "due": "2031-03-14"})
    client.post(f"{TASK}/comments", {"text": "As it was."})
    return client


@pytest.fixture(scope="package")
def people(scene: Scene) -> list[ApiClient]:
    """Four people, signed in."""
    clients = [ApiClient(scene.admin.url, f"p{number}@example.org").sign_in() for number in range(4)]
    for client, person in zip(clients, scene.people, strict=False):
        client.id = person
    return clients


@pytest.fixture(scope="package")
def databases(stack: Stack) -> Iterator[list[tuple[cursor, str]]]:
    """A cursor into each database that bad input could change, and what to look at there."""
    with contextlib.ExitStack() as opened:
        looks = []
        for service, tables in TABLES.items():
            url = stack.variables()[f"PUNCTUAL_DATABASE_URL_{service.upper()}"]
            connection = opened.enter_context(contextlib.closing(psycopg2.connect(url)))
            connection.autocommit = True
            rows = (f"SELECT '{table}', {table}::text FROM {table}" for table in tables)  # noqa: S608 - named above
            looks.append((connection.cursor(), " UNION ALL ".join(rows) + " ORDER BY 1, 2"))
        yield looks


@pytest.fixture
def unchanged(admin: ApiClient, databases: list[tuple[cursor, str]]) -> Iterator[ApiClient]:
    """The administrator; at the end nothing may have changed."""
    before = _state(databases)
    yield admin
    assert _state(databases) == before


def _state(databases: list[tuple[cursor, str]]) -> list[tuple[str, str]]:
    """All projects, tasks and people with all that belongs to them, row by row."""
    rows = []
    for looking, look in databases:
        looking.execute(look)
        # The canary's reminder goes its way by itself.
        rows += [row for row in looking.fetchall() if str(CANARY) not in row[1]]
    return rows
