"""Sessions and their end, against real PostgreSQL and RabbitMQ."""

import time
from collections.abc import AsyncIterator

import pytest

from punctual.schemas import events
from tests.support.accounts import Account, RealServices
from tests.support.services import Services, eventually

SESSIONS = "/api/v1/auth/sessions"


@pytest.fixture
async def auth(running_worker: None) -> AsyncIterator[RealServices]:
    async with RealServices() as started:
        yield started


async def session_id(account: Account) -> str:
    return str((await account.services.runtime.verifier.verify(account.token)).session_id)


async def refused(account: Account, within: float = 2) -> None:
    """Wait until the account's access token is refused."""

    async def so() -> bool:
        return (await account.request("GET", SESSIONS)).status == 401

    await eventually(so, within=within)


async def test_sessions_are_listed_newest_first_with_the_present_one_marked(auth: RealServices) -> None:
    first = await auth.account()
    second = await first.again()

    listed = await first.request("GET", SESSIONS)
    read = await first.request("GET", f"{SESSIONS}/{await session_id(second)}")

    assert [item["id"] for item in listed.body["items"]] == [await session_id(second), await session_id(first)]
    assert [item["current"] for item in listed.body["items"]] == [False, True]
    assert listed.body["items"][0] == read.body
    assert read.body["device"].startswith("Python")
    assert read.body["address"] == "127.0.0.1"
    assert listed.body["next_cursor"] is None


async def test_pages_of_sessions_follow_one_another(auth: RealServices) -> None:
    ada = await auth.account()
    for _ in range(2):
        await ada.again()

    first = await ada.request("GET", f"{SESSIONS}?limit=2")
    second = await ada.request("GET", f"{SESSIONS}?limit=2&cursor={first.body['next_cursor']}")

    assert len(first.body["items"]) == 2
    assert [item["id"] for item in second.body["items"]] == [await session_id(ada)]


async def test_an_ended_session_is_refused_within_two_seconds(auth: RealServices) -> None:
    ada = await auth.account()
    other = await ada.again()
    path = f"{SESSIONS}/{await session_id(other)}"

    ended = await ada.request("DELETE", path)
    again = await ada.request("DELETE", path)

    await refused(other)
    assert (ended.status, again.status) == (204, 204)
    assert (await auth.refresh(other.tokens["refresh_token"])).status == 400
    assert (await ada.request("GET", path)).status == 404
    assert (await ada.request("GET", SESSIONS)).status == 200


async def test_all_other_sessions_end_at_once(auth: RealServices) -> None:
    ada = await auth.account()
    others = [await ada.again() for _ in range(3)]

    ended = await ada.request("DELETE", SESSIONS)

    for other in others:
        await refused(other)
    assert ended.status == 204
    assert [item["current"] for item in (await ada.request("GET", SESSIONS)).body["items"]] == [True]


async def test_anybody_else_s_session_isn_t_there(auth: RealServices) -> None:
    ada, eve = await auth.account(), await auth.account()
    path = f"{SESSIONS}/{await session_id(ada)}"

    answers = [await eve.request(method, path) for method in ("GET", "DELETE")]
    nonsense = await eve.request("DELETE", f"{SESSIONS}/first")

    assert [answer.status for answer in answers] == [404, 404]
    assert nonsense.status == 422
    assert (await ada.request("GET", SESSIONS)).status == 200


async def test_a_deactivated_person_is_out_within_two_seconds_and_can_come_back(auth: RealServices) -> None:
    bob = await auth.account()
    profile = {**events.USER_UPDATED.example, "user_id": bob.id, "email": bob.email, "role": "user"}

    await auth.publish(events.USER_DEACTIVATED, {**profile, "active": False}, 2)
    await refused(bob)

    async def shut() -> bool:
        return (await auth.sign_in(bob.email)).status == 400

    await eventually(shut)
    assert (await auth.refresh(bob.tokens["refresh_token"])).status == 400

    await auth.publish(events.USER_UPDATED, {**profile, "active": True}, 3)

    async def open_again() -> bool:
        return (await auth.sign_in(bob.email)).status == 200

    await eventually(open_again)


async def test_whoever_is_no_administrator_any_more_must_refresh(auth: RealServices) -> None:
    bob = await auth.account()
    profile = {**events.USER_UPDATED.example, "user_id": bob.id, "email": bob.email}
    await auth.publish(events.USER_ROLE_CHANGED, {**profile, "role": "admin"}, 2)

    async def promoted() -> bool:
        answer = await auth.refresh(bob.tokens["refresh_token"])
        bob.tokens = answer.body
        return (await auth.runtime.verifier.verify(bob.token)).role == "admin"

    await eventually(promoted)
    await auth.publish(events.USER_ROLE_CHANGED, {**profile, "role": "user"}, 3)
    await refused(bob)

    async def refreshed() -> bool:
        bob.tokens = (await auth.refresh(bob.tokens["refresh_token"])).body
        return (await bob.request("GET", SESSIONS)).status == 200

    await eventually(refreshed)
    assert (await auth.runtime.verifier.verify(bob.token)).role == "user"


async def test_a_process_that_starts_later_reads_the_revocations(auth: RealServices) -> None:
    ada = await auth.account()
    ended_id, bob = await session_id(await ada.again()), await auth.account()
    await ada.request("DELETE", f"{SESSIONS}/{ended_id}")
    profile = {**events.USER_UPDATED.example, "user_id": bob.id, "email": bob.email, "role": "user"}
    await auth.publish(events.USER_DEACTIVATED, {**profile, "active": False}, 2)

    async def known() -> dict[str, float]:
        answer = await auth.call("GET", "/internal/revocations")
        at = {item["id"]: item["at"] for item in answer.body["items"]}
        return at if {ended_id, str(bob.id)} <= at.keys() else {}

    at = await eventually(known)

    assert at[ended_id] > time.time() + 500
    assert abs(at[str(bob.id)] - time.time()) < 10


async def test_a_revocation_means_nothing_to_others(services: Services) -> None:
    ada, bob = services.person(), services.person()
    services.runtime.denylist.end(bob.session_id)

    answers = [await person.request("auth", "GET", SESSIONS) for person in (ada, bob)]

    assert [answer.status for answer in answers] == [200, 401]
