"""Renewing tokens: one question to auth, however many ask."""

import asyncio
from typing import Any

import pytest

from punctual.http.dashboard.problems import SignedOut
from punctual.http.dashboard.renewal import REMEMBER_SECONDS, Renewal


class Auth:
    """Grants a successor once for each token, as auth does after its grace."""

    def __init__(self) -> None:
        self.used: list[str] = []
        self.now = 1_000_000.0
        self.renewal = Renewal(self.exchange, clock=lambda: self.now)

    async def exchange(self, token: str) -> dict[str, Any]:
        await asyncio.sleep(0)
        if token in self.used:
            raise SignedOut
        self.used.append(token)
        number = int(token.removeprefix("r")) + 1
        return {"access_token": f"a{number}", "refresh_token": f"r{number}", "expires_in": 600}


@pytest.fixture
def auth() -> Auth:
    return Auth()


async def test_those_who_ask_at_once_get_the_same_answer(auth):
    grants = await asyncio.gather(*(auth.renewal.renew("r1") for _ in range(20)))

    assert {grant["access_token"] for grant in grants} == {"a2"}
    assert auth.used == ["r1"]


async def test_whoever_comes_later_with_the_old_token_gets_the_new_one(auth):
    await auth.renewal.renew("r1")
    auth.now += 300

    assert (await auth.renewal.renew("r1"))["access_token"] == "a2"
    assert auth.used == ["r1"]


async def test_a_remembered_answer_that_is_nearly_over_is_renewed_in_its_turn(auth):
    await auth.renewal.renew("r1")
    auth.now += 590

    assert (await auth.renewal.renew("r1"))["access_token"] == "a3"
    assert auth.used == ["r1", "r2"]


async def test_an_answer_is_kept_although_whoever_asked_is_gone(auth):
    asking = asyncio.create_task(auth.renewal.renew("r1"))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])

    assert (await auth.renewal.renew("r1"))["access_token"] == "a2"
    assert auth.used == ["r1"]


async def test_what_is_remembered_is_forgotten_in_time(auth):
    await auth.renewal.renew("r1")
    auth.now += REMEMBER_SECONDS + 1
    await auth.renewal.renew("r7")

    with pytest.raises(SignedOut):
        await auth.renewal.renew("r1")


async def test_a_refusal_is_everybodys_and_is_not_remembered(auth):
    auth.used.append("r1")

    results = await asyncio.gather(*(auth.renewal.renew("r1") for _ in range(3)), return_exceptions=True)

    assert [type(result) for result in results] == [SignedOut] * 3
    auth.used.clear()
    assert (await auth.renewal.renew("r1"))["access_token"] == "a2"
