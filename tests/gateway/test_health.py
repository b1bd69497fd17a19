"""Health of the whole, seen from the door."""

from typing import Any

import aiohttp

from punctual.kit.settings import BEHIND_THE_GATEWAY
from tests.gateway.conftest import Gateway, opened
from tests.gateway.stub import Stub


async def test_it_is_live_although_no_service_is(variables):
    for name in ("AUTH", "USER", "PROJECT", "TASK", "NOTIFICATION"):
        variables(**{f"URL_{name}": "http://127.0.0.1:1"})
    async with opened() as gateway:
        assert (await gateway.get("/health/live")).status == 200
        assert (await gateway.get("/health/ready")).status == 503


async def test_it_is_ready_when_all_services_are(gateway: Gateway):
    response = await gateway.get("/health/ready")

    assert response.status == 200
    parts = dict.fromkeys(("gateway", *BEHIND_THE_GATEWAY), "ok")
    assert response.json() == {"status": "ready", "parts": parts}


async def test_it_says_which_service_is_not_and_nothing_that_is_nobodys_business(variables, stub: Stub):
    stub.parts = {"database": "OperationalError: password of task_reader", "broker": "ok"}
    variables(URL_USER="http://127.0.0.1:1")
    async with opened() as gateway:
        response = await gateway.get("/health/ready")

    assert response.status == 503
    assert response.headers["Retry-After"]
    assert response.json()["parts"] == {
        "gateway": "ok",
        "auth": "ok",
        "user": "not ready: can't be reached",
        "project": "ok",
        "task": "not ready: database",
        "notification": "ok",
        "dashboard": "ok",
    }


async def test_it_isn_t_ready_before_it_knows_the_keys_of_tokens(variables):
    async def away() -> dict[str, Any]:
        raise aiohttp.ClientConnectionError

    async with opened(away) as gateway:
        response = await gateway.get("/health/ready")

    assert response.status == 503
    assert response.json()["parts"]["gateway"] == "not ready: The keys of tokens aren't known yet."
    assert response.json()["parts"]["auth"] == "ok"


async def test_it_is_degraded_while_something_is_late_and_says_since_when(variables, stubs: dict[str, Stub]):
    stubs["notification"].degraded = {"reminders": {"since": "2026-12-24T12:04:00.000Z"}}
    variables()
    async with opened() as gateway:
        response = await gateway.get("/health/ready")

    assert response.status == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["degraded"] == {"reminders": {"since": "2026-12-24T12:04:00.000Z"}}
    assert response.json()["parts"]["notification"] == "ok"
