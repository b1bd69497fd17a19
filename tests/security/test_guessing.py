"""Guessing: slower with every failure at an account, limited from an address, and no answer tells of an account."""

import asyncio
import statistics
import time
from uuid import uuid4

import pytest

from punctual.domain.auth.guesses import FREE
from punctual.gateway.rates import LIMITS, Rate
from tests.flows.stack import Stack
from tests.security.api import Api, Person, Reply, opened, until
from tests.security.conftest import FIGURES

WRONG = "not the password"
# Hashing is most of the time that an answer takes: without it, it would take a third or less.
ALIKE = 2.5
FORGED = {
    "X_Forwarded_For": "198.51.100.{}",
    "Forwarded": "for=198.51.100.{}",
    "X_Real_IP": "198.51.100.{}",
    "X_Client_IP": "198.51.100.{}",
    "True_Client_IP": "198.51.100.{}",
    "CF_Connecting_IP": "198.51.100.{}",
}


async def test_guesses_at_an_account_are_slowed_down_and_unknown_accounts_look_the_same(stack: Stack, api: Api) -> None:
    person = await _somebody(api)
    seen = []

    for email in (person.email, _nobody()):
        answers = [await _sign_in(api, email, WRONG) for _ in range(FREE)]
        _lengthen_waits(stack)
        answers.append(await _sign_in(api, email, WRONG))
        right = await _sign_in(api, email, person.password)
        seen.append([_told(answer) for answer in (*answers, right)])

    assert seen[0] == seen[1]
    assert [told[0] for told in seen[0]] == [400] * FREE + [429, 429]


async def test_guesses_from_many_addresses_at_one_account_are_still_guesses_at_one_account(stack: Stack) -> None:
    email = _nobody()

    statuses = []
    for number in range(FREE + 2):
        if number == FREE:
            _lengthen_waits(stack)
        async with opened(stack.url) as api:
            statuses.append((await _sign_in(api, email, WRONG, **_forged(number))).status)

    assert statuses == [400] * FREE + [429, 429]


async def test_an_address_may_try_so_many_accounts_a_minute_whatever_it_claims_to_be(limited: str) -> None:
    most = LIMITS[Rate.SIGN_IN].address.amount
    statuses = []

    for number in range(most + 10):
        # A connection of its own each time, as a client that starts anew.
        async with opened(limited) as api:
            form = {"grant_type": "refresh_token", "refresh_token": "unknown"}
            reply = await api.send("POST", "/api/v1/auth/token", form=form, **_forged(number))
            statuses.append(reply.status)

    assert statuses == [400] * most + [429] * 10
    assert int(reply.headers["Retry-After"]) <= 61
    async with opened(limited) as api:
        assert (await _sign_in(api, _nobody(), WRONG)).status == 429
        assert (await api.send("GET", "/.well-known/jwks.json")).status == 200


async def test_registering_and_resetting_are_limited_from_an_address(limited: str) -> None:
    most = LIMITS[Rate.SIGN_UP].address.amount

    async with opened(limited) as api:
        replies = [
            await api.send("POST", "/api/v1/auth/password-resets", body={"email": _nobody()}, **_forged(number))
            for number in range(most + 2)
        ]
        registering = await api.send("POST", "/api/v1/auth/register", body={})

    assert [reply.status for reply in replies] == [202] * most + [429] * 2
    assert registering.status == 429


async def test_registering_and_resetting_answer_alike_for_known_and_unknown_addresses(api: Api) -> None:
    person = await _somebody(api)

    resets = [await _reset(api, email) for email in (person.email, _nobody())]
    registrations = [await _register(api, email) for email in (person.email, _nobody())]

    outcomes = [await until(lambda reply=reply: _settled(api, reply)) for reply in resets]
    assert [reply.status for reply in resets] == [202, 202]
    assert outcomes == [{"state": "done", "result": None}] * 2
    assert [reply.status for reply in registrations] == [201, 201]
    assert registrations[0].body.keys() == registrations[1].body.keys()
    assert registrations[0].headers.keys() == registrations[1].headers.keys()


@pytest.mark.chaos
async def test_how_long_an_answer_takes_for_known_and_unknown_addresses(api: Api) -> None:
    """Medians, for the reader; and within a bound that one hash more or less would break on any machine."""
    people = [await _somebody(api) for _ in range(10)]
    rounds = FREE - 1
    known = [person.email for person in people] * rounds
    unknown = [_nobody() for _ in people] * rounds
    attempts = {
        "sign in with a wrong password": lambda email: _sign_in(api, email, WRONG),
        "register": lambda email: _register(api, email),
        "reset a password": lambda email: _reset(api, email),
    }

    for name, attempt in attempts.items():
        seconds: dict[bool, list[float]] = {True: [], False: []}
        statuses: dict[bool, set[int]] = {True: set(), False: set()}
        for pair in zip(known, unknown, strict=True):
            for exists, email in zip((True, False), pair, strict=True):
                address = email if exists or name != "register" else _nobody()
                began = time.perf_counter()
                reply = await attempt(address)
                seconds[exists].append(time.perf_counter() - began)
                statuses[exists].add(reply.status)
                await asyncio.sleep(0.01)
        medians = {exists: statistics.median(values) * 1000 for exists, values in seconds.items()}
        spread = statistics.quantiles(seconds[True], n=4)
        FIGURES.append(
            f"{name}: known {medians[True]:.1f} ms, unknown {medians[False]:.1f} ms, {len(known)} tries each,"
            f" quartiles of the known {spread[0] * 1000:.1f} and {spread[2] * 1000:.1f} ms"
        )
        assert statuses[True] == statuses[False]
        assert max(medians.values()) < ALIKE * min(medians.values()), medians


def _lengthen_waits(stack: Stack) -> None:
    # The first is of one second, which a busy machine may let pass between two requests.
    stack.sql("auth", "UPDATE guess SET blocked_until = blocked_until + interval '1 minute'")


def _forged(number: int) -> dict[str, str]:
    return {name: value.format(number) for name, value in FORGED.items()}


def _nobody() -> str:
    return f"nobody.{uuid4().hex}@example.org"


async def _somebody(api: Api) -> Person:
    return await Person(api, f"somebody.{uuid4().hex}@example.org", "somebody's own password").register("Somebody")


async def _sign_in(api: Api, email: str, password: str, **headers: str) -> Reply:
    form = {"grant_type": "password", "username": email, "password": password}
    return await api.send("POST", "/api/v1/auth/token", form=form, **headers)


async def _register(api: Api, email: str) -> Reply:
    body = {"email": email, "password": "another password", "display_name": "Somebody"}
    return await api.send("POST", "/api/v1/auth/register", body=body)


async def _reset(api: Api, email: str) -> Reply:
    return await api.send("POST", "/api/v1/auth/password-resets", body={"email": email})


async def _settled(api: Api, reply: Reply) -> dict[str, object] | None:
    operation = await api.demand(200, "GET", reply.headers["Location"])
    del operation["id"]
    return operation if operation["state"] != "pending" else None


def _told(reply: Reply) -> tuple[object, ...]:
    body = {name: value for name, value in reply.body.items() if name not in ("request_id", "detail")}
    if reply.status != 429:
        body["detail"] = reply.body["detail"]
    return reply.status, str(body).replace("1 s", "2 s"), *sorted(reply.headers.keys() - {"Date", "Content-Length"})
