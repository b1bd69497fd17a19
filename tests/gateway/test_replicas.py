"""Several processes of one service behind the gateway: they take turns, and one that is away isn't missed."""

import asyncio
import socket
from collections import Counter

import pytest

from tests.gateway.conftest import opened
from tests.gateway.stub import Stub


@pytest.fixture
def closed_url() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_processes_of_a_service_take_turns(variables, stub: Stub):
    async with Stub("task again").running() as other:
        variables(URL_TASK=f"{stub.url},{other.url}")
        async with opened() as gateway:
            for _ in range(10):
                assert (await gateway.get("/api/v1/tasks")).status == 200

    assert Counter(len(each.seen) for each in (stub, other)) == {5: 2}


async def test_a_process_that_is_away_is_passed_over(variables, stub: Stub, closed_url: str):
    variables(URL_TASK=f"{closed_url},{stub.url}")
    async with opened() as gateway:
        asking = [gateway.send("POST", "/api/v1/projects/OPS/tasks", b"{}") for _ in range(40)]
        answers = await asyncio.gather(*asking)
        ready = await gateway.get("/health/ready")

    assert {answer.status for answer in answers} == {200}
    assert len(stub.seen) == 40
    assert ready.status == 200


async def test_a_service_of_which_no_process_is_there_is_named(variables, closed_url: str):
    variables(URL_TASK=f"{closed_url},{closed_url}")
    async with opened() as gateway:
        ready = await gateway.get("/health/ready")

    assert ready.status == 503
    assert ready.json()["parts"]["task"] == "not ready: can't be reached"
