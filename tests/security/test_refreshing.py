"""Refresh tokens: an old one ends the session, for whoever holds any part of it."""

from uuid import uuid4

from punctual.actors.auth.posting import token_hash
from tests.flows.stack import Stack
from tests.security.api import Api, Person, Reply, until


async def test_reuse_of_a_refresh_token_ends_the_session_and_its_access_tokens(api: Api, stack: Stack) -> None:
    person = await Person(api, f"{uuid4().hex}@example.org", "a password to refresh").register("Refresher")
    stolen = person.refresh_token
    second = (await _refresh(api, stolen)).body
    stack.sql("auth", "UPDATE refresh_token SET used_at = used_at - interval '11 s' WHERE hash = %s",
              (token_hash(stolen),))  # fmt: skip

    reused = await _refresh(api, stolen)

    async def refused() -> bool:
        replies = [await api.send("GET", "/api/v1/users/me", token=token)
                   for token in (person.token, second["access_token"])]  # fmt: skip
        return {reply.status for reply in replies} == {401}

    await until(refused, within=2)
    assert (reused.status, reused.body["error"]) == (400, "invalid_grant")
    assert (await _refresh(api, second["refresh_token"])).status == 400


async def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(api: Api) -> None:
    person = await Person(api, f"{uuid4().hex}@example.org", "a password to refresh").register("Refresher")

    assert (await _refresh(api, person.token)).status == 400
    assert (await api.send("GET", "/api/v1/users/me", token=person.refresh_token)).status == 401


async def test_what_is_no_refresh_token_is_told_apart_from_no_other(api: Api) -> None:
    person = await Person(api, f"{uuid4().hex}@example.org", "a password to refresh").register("Refresher")
    await api.send("POST", "/api/v1/auth/revoke", form={"token": person.refresh_token})

    answers = [await _refresh(api, token) for token in (person.refresh_token, "unknown", "x" * 43)]

    assert {(answer.status, answer.body["error"]) for answer in answers} == {(400, "invalid_grant")}


async def _refresh(api: Api, token: str) -> Reply:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return await api.send("POST", "/api/v1/auth/token", form=form)
