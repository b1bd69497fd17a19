"""A new signing key while everybody works: no request fails, and old tokens stay good for as long as they live."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey

from punctual.domain.auth.keys import KEY_LIFE
from punctual.http.auth.keys import REREAD_SECONDS
from punctual.kit.settings import SERVICES
from tests.flows.stack import Stack
from tests.security import forge
from tests.security.api import Api, Person, Reply, opened, until
from tests.security.conftest import FIGURES, SECRETS
from tests.security.test_tokens import PATHS, address
from tests.security.ticks import tick

WORKERS = 3


@dataclass
class Traffic:
    """Everything that people at work were answered, and the keys of their tokens."""

    replies: list[Reply] = field(default_factory=list)
    kids: set[str] = field(default_factory=set)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def failed(self) -> list[Reply]:
        return [reply for reply in self.replies if reply.status != 200]


async def test_a_key_takes_over_without_a_failed_request(stack: Stack, api: Api) -> None:
    async with _people_at_work(stack, api) as traffic:
        person = await _register(api)
        await _key_takes_over(stack, person)
        enough = len(traffic.replies) + 100
        await until(lambda: _has(traffic, enough))

    FIGURES.append(f"{len(traffic.replies)} requests over {len(traffic.kids)} keys, {len(traffic.failed)} failed")
    assert traffic.failed == []
    assert len(traffic.kids) == 2
    assert (await person.send("GET", "/api/v1/users/me")).status == 200


@pytest.mark.chaos
async def test_keys_take_over_one_after_the_other_at_auths_own_pace(stack: Stack, api: Api) -> None:
    async with _people_at_work(stack, api) as traffic:
        person = await _register(api)
        for _ in range(2):
            await _key_takes_over(stack, person)
            newest = str(forge.signing_key(stack).kid)
            await until(lambda newest=newest: _signs_with(api, person, newest), within=REREAD_SECONDS + 20)

    FIGURES.append(f"{len(traffic.replies)} requests over {len(traffic.kids)} keys, {len(traffic.failed)} failed")
    assert traffic.failed == []


async def _key_takes_over(stack: Stack, person: Person) -> None:
    """The scheduler's tick makes the next key; what takes weeks and an hour is moved in the database."""
    stack.sql("auth", "UPDATE signing_key SET signs_from = signs_from - %s", (KEY_LIFE,))
    await _rotate(stack)
    [(kid, seed)] = stack.sql("auth", "SELECT id, seed FROM signing_key WHERE signs_from > now()")
    await until(lambda: _known_everywhere(stack, person, forge.key_of(kid, seed)))
    stack.sql("auth", "UPDATE signing_key SET signs_from = now() WHERE id = %s", (kid,))


@asynccontextmanager
async def _people_at_work(stack: Stack, api: Api) -> AsyncIterator[Traffic]:
    traffic = Traffic()
    people = [await _register(api) for _ in range(WORKERS)]
    tasks = [asyncio.create_task(_work(stack, person, traffic)) for person in people]
    try:
        yield traffic
    finally:
        traffic.stop.set()
        await asyncio.gather(*tasks)


async def _work(stack: Stack, person: Person, traffic: Traffic) -> None:
    """Read everywhere, with one's token and with one as auth would issue it now; refresh, and again."""
    async with AsyncExitStack() as opening:
        doors = [
            (await opening.enter_async_context(opened(address(stack, door), SECRETS)), PATHS[door])
            for door in ("gateway", *SERVICES)
        ]
        while not traffic.stop.is_set():
            newest = forge.forged(forge.signing_key(stack), person.token, jti=str(uuid4()))
            for token in (person.token, newest):
                traffic.kids.add(forge.header_of(token)["kid"])
                traffic.replies += [await door.send("GET", path, token=token) for door, path in doors]
            form = {"grant_type": "refresh_token", "refresh_token": person.refresh_token}
            answer = await person.api.send("POST", "/api/v1/auth/token", form=form)
            traffic.replies.append(answer)
            if answer.status == 200:
                person.token, person.refresh_token = answer.body["access_token"], answer.body["refresh_token"]


async def _rotate(stack: Stack) -> None:
    """What the scheduler sends every ten minutes; returns when it is done."""
    await tick(stack, "auth.rotate_keys")

    async def made() -> bool:
        return bool(stack.sql("auth", "SELECT 1 FROM signing_key WHERE signs_from > now()"))

    await until(made)


async def _known_everywhere(stack: Stack, person: Person, key: OKPKey) -> bool:
    """Whether every verifier knows a key: it looks for one that it doesn't, at most every five seconds."""
    statuses = set()
    for door in ("gateway", *SERVICES):
        async with opened(address(stack, door)) as api:
            token = forge.forged(key, person.token, jti=str(uuid4()))
            statuses.add((await api.send("GET", PATHS[door], token=token)).status)
    return statuses == {200}


async def _signs_with(api: Api, person: Person, kid: str) -> bool:
    signed_in = await Person(api, person.email, person.password).sign_in()
    await asyncio.sleep(1)
    return bool(forge.header_of(signed_in.token)["kid"] == kid)


async def _has(traffic: Traffic, replies: int) -> bool:
    return len(traffic.replies) > replies


async def _register(api: Api) -> Person:
    return await Person(api, f"{uuid4().hex}@example.org", "a password for keys").register("Rotation")
