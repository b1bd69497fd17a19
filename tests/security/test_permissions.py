"""Every route and every caller: the table in permissions.txt, executed."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from punctual.gateway.routes import ROWS
from tests.flows.stack import Stack
from tests.security.api import Reply, opened
from tests.security.cells import Line, Run, table
from tests.security.conftest import SECRETS
from tests.security.scene import CANARY, KEYS, Scene

OUTSIDERS = ("anonymous", "outsider", "instance", "suspended", "expired", "foreign")
LINES = list(table())


@dataclass(frozen=True)
class Outcome:
    """Everything that was answered, and the shared things before and after."""

    replies: dict[tuple[str, str], list[Reply]]
    before: dict[str, Any]
    after: dict[str, Any]


@pytest.fixture(scope="module")
def outcome(stack: Stack, set_up: Scene) -> Outcome:
    """The whole table, executed once."""
    return asyncio.run(_execute(stack, set_up))


async def _execute(stack: Stack, set_up: Scene) -> Outcome:
    async with opened(stack.url, SECRETS) as api:
        set_up = set_up.through(api)
        run, before = Run(set_up), await set_up.picture()
        cells = [(line, caller) for line in LINES for caller in line.expected]
        replies = await asyncio.gather(*(run.cell(line, caller) for line, caller in cells))
        named = {(str(line), caller): reply for (line, caller), reply in zip(cells, replies, strict=True)}
        return Outcome(named, before, await set_up.picture())


def test_every_route_of_the_gateway_stands_in_the_table_once() -> None:
    routes = sorted(f"{method} {row.path}" for row in ROWS for method in row.methods.split())

    assert sorted(map(str, LINES)) == routes


@pytest.mark.parametrize("line", LINES, ids=str)
def test_each_caller_gets_what_the_table_says(line: Line, outcome: Outcome) -> None:
    replies = {caller: outcome.replies[str(line), caller] for caller in line.expected}
    wrong = {
        caller: [reply for reply in replies[caller] if reply.status != expected]
        for caller, expected in line.expected.items()
    }

    assert {caller: found for caller, found in wrong.items() if found} == {}


@pytest.mark.parametrize("caller", OUTSIDERS)
def test_no_answer_shows_an_outsider_anything_of_the_project(caller: str, outcome: Outcome) -> None:
    leaks = [
        (name, reply)
        for (name, who), replies in outcome.replies.items()
        for reply in replies
        if who == caller and (reply.shows(CANARY) or reply.shows(KEYS))
    ]

    assert leaks == []


def test_a_refusal_has_no_version_of_what_it_hides(outcome: Outcome) -> None:
    refused = [reply for replies in outcome.replies.values() for reply in replies if reply.status in (401, 403, 404)]

    assert refused
    assert [reply for reply in refused if "ETag" in reply.headers or b'"current"' in reply.raw] == []


def test_what_was_refused_has_changed_nothing(outcome: Outcome) -> None:
    assert outcome.after == outcome.before


def test_every_refusal_is_a_problem_with_its_request_id(outcome: Outcome) -> None:
    for replies in outcome.replies.values():
        for reply in replies:
            if reply.status >= 400 and reply.raw:
                assert reply.headers["Content-Type"] == "application/problem+json", reply
                assert reply.body["request_id"] == reply.headers["X-Request-ID"]
