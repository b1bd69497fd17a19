"""Rate limits: per address and per account, in memory or shared."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest
from freezegun import freeze_time
from limits import RateLimitItemPerMinute

from punctual.gateway import rates
from punctual.gateway.counters import Counters
from punctual.gateway.errors import RateLimited
from punctual.gateway.rates import LIMITS, Limits, Rate, RateLimiter
from punctual.kit import ids
from tests.gateway.conftest import opened
from tests.gateway.stub import Stub


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of everything from an address, two of an account."""
    limits = Limits(RateLimitItemPerMinute(3), RateLimitItemPerMinute(2))
    monkeypatch.setattr(rates, "LIMITS", dict.fromkeys(LIMITS, limits))


async def refused(limiter: RateLimiter, times: int, address: str = "192.0.2.1") -> int:
    count = 0
    for _ in range(times):
        try:
            await limiter.admit_address(Rate.READ, address)
        except RateLimited:
            count += 1
    return count


async def test_over_the_limit_an_account_is_told_when_to_come_back(variables, tight, stub: Stub):
    variables(RATE_LIMIT="on")
    async with opened() as gateway:
        answers = [await gateway.get("/api/v1/tasks") for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    headers, problem = answers[2].headers, answers[2].json()
    assert problem["code"] == "too_many_requests"
    assert 1 <= int(headers["Retry-After"]) <= 61
    assert headers["RateLimit-Policy"] == '"read-account";q=2;w=60'
    assert headers["RateLimit"].startswith('"read-account";r=0;t=')
    assert len(stub.seen) == 2


async def test_accounts_are_counted_apart_and_their_address_together(variables, tight):
    variables(RATE_LIMIT="on")
    async with opened() as gateway:
        statuses = []
        for header in (gateway.ada, gateway.admin, gateway.bearer(), gateway.bearer()):
            async with gateway.request("GET", "/api/v1/tasks", headers=header) as response:
                statuses.append((response.status, response.headers.get("RateLimit-Policy", "")[:14]))

    assert statuses[:3] == [(200, "")] * 3
    assert statuses[3] == (429, '"read-address"')


async def test_guessing_tokens_is_limited(variables, tight):
    variables(RATE_LIMIT="on")
    async with opened() as gateway:
        statuses = []
        for number in range(4):
            headers = {"Authorization": f"Bearer guess{number}"}
            async with gateway.request("GET", "/api/v1/tasks", headers=headers) as response:
                statuses.append(response.status)

    assert statuses == [401, 401, 401, 429]


async def test_signing_in_is_counted_apart_from_reading(variables, tight):
    variables(RATE_LIMIT="on")
    async with opened() as gateway:
        statuses = []
        for path in ["/api/v1/auth/token"] * 4:
            async with gateway.request("POST", path) as response:
                statuses.append(response.status)
        reading = await gateway.get("/api/v1/tasks")

    assert statuses == [200, 200, 200, 429]
    assert reading.status == 200


async def test_health_is_never_limited(variables, tight):
    variables(RATE_LIMIT="on")
    async with opened() as gateway:
        assert {(await gateway.get("/health/live")).status for _ in range(10)} == {200}


async def test_behind_a_trusted_proxy_its_clients_are_counted_apart(variables, tight):
    variables(RATE_LIMIT="on", TRUSTED_PROXIES="1")
    async with opened() as gateway:
        statuses = []
        for client in ["198.51.100.7"] * 4 + ["198.51.100.8"]:
            headers = {"X-Forwarded-For": f"203.0.113.9, {client}"}
            async with gateway.request("POST", "/api/v1/auth/token", headers=headers) as response:
                statuses.append(response.status)

    assert statuses == [200, 200, 200, 429, 200]


async def test_the_limits_can_be_switched_off(variables, tight):
    variables(RATE_LIMIT="off")
    async with opened() as gateway:
        assert {(await gateway.get("/api/v1/tasks")).status for _ in range(10)} == {200}


async def test_a_window_ends_and_another_begins(tight):
    with freeze_time("2026-11-22T10:00:00") as clock:
        limiter = RateLimiter("memory://")
        assert await refused(limiter, 5) == 2

        clock.tick(59)
        assert await refused(limiter, 1) == 1

        clock.tick(2)
        assert await refused(limiter, 3) == 0


async def test_counters_forget_windows_that_have_ended():
    with freeze_time("2026-11-22T10:00:00") as clock:
        counters = Counters()
        for number in range(1000):
            await counters.incr(str(number), 60)
        clock.tick(120)
        await counters.incr("new", 60)

        assert await counters.reset() == 1


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    """A private Redis."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()


async def test_gateways_that_share_a_storage_count_together(tight, redis):
    one, other = RateLimiter(redis), RateLimiter(redis)
    try:
        assert await refused(one, 2) == 0
        assert await refused(other, 2) == 1
    finally:
        await one.close()
        await other.close()


async def test_while_the_storage_is_away_each_gateway_counts_for_itself(tight):
    limiter = RateLimiter("redis://127.0.0.1:1/0")
    try:
        assert await refused(limiter, 5, str(ids.uuid7())) == 2
    finally:
        await limiter.close()
