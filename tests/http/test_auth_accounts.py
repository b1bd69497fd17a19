"""Registering, passwords and verifications over HTTP, against real PostgreSQL and RabbitMQ."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from statistics import median
from time import process_time
from typing import Any

import pytest

from punctual.actors.auth.posting import token_hash
from punctual.domain.auth.guesses import FREE
from punctual.kit import ids, wire
from tests.support.accounts import PASSWORD, Account, RealServices, an_email, execute, rows
from tests.support.services import Answer, eventually

NEW = "another horse entirely"


@pytest.fixture
async def auth(running_worker: None) -> AsyncIterator[RealServices]:
    async with RealServices() as started:
        yield started


def a_letter(ada: Account, kind: str, life: timedelta = timedelta(hours=1)) -> str:
    """The token of a letter that ada has got."""
    token = f"token of {ids.uuid7()}"
    execute(
        "INSERT INTO letter (id, account_id, kind, token_hash, created_at, expires_at)"
        " VALUES (%s, %s, %s, %s, now(), now() + %s)",
        (ids.uuid7(), ada.id, kind, token_hash(token), life),
    )
    return token


async def test_a_registration_is_created_and_can_sign_in(auth: RealServices) -> None:
    email = an_email()

    created = await auth.register(email=email.upper(), display_name="  Ada ", time_zone="Europe/London")

    assert created.status == 201
    assert created.body == {"id": created.body["id"], "email": email, "display_name": "Ada"}
    assert created.headers["Location"] == f"/api/v1/users/{created.body['id']}"
    assert (await auth.sign_in(email)).status == 200


async def test_a_profile_appears_in_the_user_service(auth: RealServices) -> None:
    ada = await auth.account(display_name="Ada", time_zone="Europe/London")

    url = await auth.url("user")
    async with auth.client.get(f"{url}/api/v1/users/me", headers={"Authorization": f"Bearer {ada.token}"}) as answer:
        profile = await answer.json()

    assert answer.status == 200
    assert (profile["id"], profile["email"], profile["time_zone"]) == (str(ada.id), ada.email, "Europe/London")


async def test_a_registered_address_is_answered_as_if_it_were_free(auth: RealServices) -> None:
    ada = await auth.account()

    again = await auth.register(email=ada.email.upper(), password=NEW, display_name="Eve")

    assert again.status == 201
    assert again.body == {"id": again.body["id"], "email": ada.email, "display_name": "Eve"}
    assert again.body["id"] != str(ada.id)
    assert (await auth.sign_in(ada.email, NEW)).status == 400
    assert (await auth.sign_in(ada.email)).status == 200
    assert rows("SELECT 1 FROM account WHERE id = %s", (again.body["id"],)) == []
    assert len(rows("SELECT 1 FROM letter WHERE account_id = %s AND kind = 'already_registered'", (ada.id,))) == 1


async def test_the_owner_of_an_address_isn_t_flooded(auth: RealServices) -> None:
    ada = await auth.account()

    for _ in range(7):
        assert (await auth.register(email=ada.email)).status == 201

    assert len(rows("SELECT 1 FROM letter WHERE account_id = %s AND kind = 'already_registered'", (ada.id,))) == 5


async def test_one_of_two_simultaneous_registrations_wins_and_both_are_answered_alike(auth: RealServices) -> None:
    email = an_email()

    answers = await asyncio.gather(*(auth.register(email=email) for _ in range(6)))

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 6
    assert len(rows("SELECT 1 FROM account WHERE email = %s", (email,))) == 1


async def test_a_repeated_registration_is_done_once(auth: RealServices) -> None:
    body = {"email": an_email(), "password": PASSWORD, "display_name": "Ada"}

    first, second = [await auth.call("POST", "/api/v1/auth/register", body, Idempotency_Key="one") for _ in range(2)]

    assert first.status == second.status == 201
    assert first.body == second.body
    assert len(rows("SELECT 1 FROM letter WHERE account_id = %s", (first.body["id"],))) == 1


async def test_whoever_registered_without_waiting_can_ask_what_became_of_it(auth: RealServices) -> None:
    body = {"email": an_email(), "password": PASSWORD, "display_name": "Ada"}
    accepted = await auth.call("POST", "/api/v1/auth/register", body, Prefer="respond-async")

    async def settled() -> Any:
        answer = await auth.call("GET", accepted.headers["Location"])
        return answer.body if answer.body["state"] == "done" else None

    done = await eventually(settled)

    assert accepted.status == 202
    assert done["result"]["email"] == body["email"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "ada"}, "email"),
        ({"email": "a@b\n.org"}, "email"),
        ({"email": f"{'a' * 250}@example.org"}, "email"),
        ({"email": 5}, "email"),
        ({"password": "too short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"password": None}, "password"),
        ({"display_name": " "}, "display_name"),
        ({"display_name": "x" * 101}, "display_name"),
        ({"display_name": "a\x00b"}, "display_name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"role": "admin"}, "role"),
    ],
)
async def test_bad_fields_are_named_and_nothing_is_stored(
    auth: RealServices, fields: dict[str, Any], field: str
) -> None:
    body = {"email": an_email(), "password": PASSWORD, "display_name": "Ada", **fields}

    answer = await auth.call("POST", "/api/v1/auth/register", body)

    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in answer.body["errors"]
    assert rows("SELECT 1 FROM account WHERE email = %s", (str(body["email"]),)) == []


async def test_the_password_must_not_be_the_address(auth: RealServices) -> None:
    email = an_email()

    answer = await auth.register(email=email, password=email.upper())

    assert answer.status == 422
    assert "password" in answer.body["errors"]


async def test_neither_passwords_nor_fast_hashes_of_them_are_kept(auth: RealServices) -> None:
    path, email, password = "/api/v1/auth/register", an_email(), f"secret {ids.uuid7()}"
    body = wire.dumps({"email": email, "password": password, "display_name": "Ada"})

    await auth.call("POST", path, body)
    kept = str(rows("SELECT * FROM operation")) + str(rows("SELECT * FROM account WHERE email = %s", (email,)))

    assert email in kept
    assert password not in kept
    for told in (b"\n".join([b"POST", path.encode(), body]), body, password.encode()):
        assert hashlib.sha256(told).hexdigest() not in kept


async def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(auth: RealServices) -> None:
    ada = await auth.account()
    other = await ada.again()

    changed = await ada.request("PUT", "/api/v1/auth/password", {"current_password": PASSWORD, "new_password": NEW})

    async def refused() -> bool:
        return (await other.request("GET", "/api/v1/auth/sessions")).status == 401

    await eventually(refused, within=2)
    assert changed.status == 204
    assert (await ada.request("GET", "/api/v1/auth/sessions")).status == 200
    assert (await auth.refresh(other.tokens["refresh_token"])).status == 400
    assert (await auth.refresh(ada.tokens["refresh_token"])).status == 200
    assert (await auth.sign_in(ada.email)).status == 400
    assert (await auth.sign_in(ada.email, NEW)).status == 200


async def test_a_repeated_change_of_password_is_answered_with_the_first_outcome(auth: RealServices) -> None:
    ada = await auth.account()
    body = {"current_password": PASSWORD, "new_password": NEW}

    answers = [await ada.request("PUT", "/api/v1/auth/password", body, Idempotency_Key="one") for _ in range(2)]

    assert [answer.status for answer in answers] == [204, 204]
    assert rows("SELECT password_version FROM account WHERE id = %s", (ada.id,)) == [{"password_version": 2}]


async def test_a_wrong_current_password_is_refused_and_counts_as_a_guess(auth: RealServices) -> None:
    ada = await auth.account()
    body = {"current_password": "wrong", "new_password": NEW}

    answers = [await ada.request("PUT", "/api/v1/auth/password", body) for _ in range(FREE + 1)]

    assert [answer.status for answer in answers] == [422] * FREE + [429]
    assert answers[0].body["code"] == "wrong_password"
    assert "current_password" in answers[0].body["errors"]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert (await auth.sign_in(ada.email)).status == 429


@pytest.mark.parametrize("new", ["short", "x" * 201, None, 7])
async def test_a_bad_new_password_is_refused(auth: RealServices, new: Any) -> None:
    ada = await auth.account()

    answer = await ada.request("PUT", "/api/v1/auth/password", {"current_password": PASSWORD, "new_password": new})

    assert answer.status == 422
    assert "new_password" in answer.body["errors"]


async def test_the_new_password_must_not_be_the_address_either(auth: RealServices) -> None:
    ada = await auth.account()
    token = a_letter(ada, "password_reset")

    changed = await ada.request(
        "PUT", "/api/v1/auth/password", {"current_password": PASSWORD, "new_password": ada.email}
    )
    reset = await auth.call("PUT", f"/api/v1/auth/password-resets/{token}", {"password": ada.email})

    assert (changed.status, reset.status) == (422, 422)


async def test_a_reset_is_answered_the_same_whether_or_not_the_address_is_known(auth: RealServices) -> None:
    ada = await auth.account()

    known = await auth.call("POST", "/api/v1/auth/password-resets", {"email": ada.email})
    unknown = await auth.call("POST", "/api/v1/auth/password-resets", {"email": an_email()})
    bad = await auth.call("POST", "/api/v1/auth/password-resets", {"email": "ada"})

    async def outcome(answer: Answer) -> Any:
        told = await auth.call("GET", answer.headers["Location"])
        return {**told.body, "id": None} if told.body["state"] == "done" else None

    outcomes = [await eventually(partial(outcome, answer)) for answer in (known, unknown)]
    assert (known.status, unknown.status, bad.status) == (202, 202, 422)
    assert known.body.keys() == unknown.body.keys() == {"id", "state"}
    assert outcomes == [{"id": None, "state": "done", "result": None}] * 2
    assert len(rows("SELECT 1 FROM letter WHERE account_id = %s AND kind = 'password_reset'", (ada.id,))) == 1


async def test_a_reset_sets_the_password_ends_all_sessions_and_works_once(auth: RealServices) -> None:
    ada = await auth.account()
    token, spare = a_letter(ada, "password_reset"), a_letter(ada, "password_reset")
    path = f"/api/v1/auth/password-resets/{token}"

    reset = await auth.call("PUT", path, {"password": NEW})
    again = await auth.call("PUT", path, {"password": "yet another horse"})
    other = await auth.call("PUT", f"/api/v1/auth/password-resets/{spare}", {"password": "yet another horse"})

    assert (reset.status, again.status, other.status) == (204, 404, 404)
    assert "token" in again.body["errors"]
    assert (await auth.refresh(ada.tokens["refresh_token"])).status == 400
    assert (await auth.sign_in(ada.email, NEW)).status == 200


async def test_a_repeated_reset_is_answered_with_the_first_outcome(auth: RealServices) -> None:
    ada = await auth.account()
    path = f"/api/v1/auth/password-resets/{a_letter(ada, 'password_reset')}"

    answers = [await auth.call("PUT", path, {"password": NEW}, Idempotency_Key="one") for _ in range(2)]

    assert [answer.status for answer in answers] == [204, 204]


async def test_a_reset_lets_in_whom_guessing_has_locked_out(auth: RealServices) -> None:
    ada = await auth.account()
    for _ in range(FREE + 1):
        await auth.sign_in(ada.email, "wrong")

    await auth.call("PUT", f"/api/v1/auth/password-resets/{a_letter(ada, 'password_reset')}", {"password": NEW})

    assert (await auth.sign_in(ada.email, NEW)).status == 200


@pytest.mark.parametrize("resource", ["password-resets", "email-verifications"])
async def test_an_expired_or_unknown_token_is_refused(auth: RealServices, resource: str) -> None:
    ada = await auth.account()
    kind = {"password-resets": "password_reset", "email-verifications": "verification"}[resource]
    body = {"password": NEW} if kind == "password_reset" else None

    for token in (a_letter(ada, kind, timedelta(0)), "unknown"):
        answer = await auth.call("PUT", f"/api/v1/auth/{resource}/{token}", body)

        assert answer.status == 404
        assert "token" in answer.body["errors"]


async def test_a_verification_can_be_repeated(auth: RealServices) -> None:
    ada = await auth.account()
    path = f"/api/v1/auth/email-verifications/{a_letter(ada, 'verification')}"

    answers = [await auth.call("PUT", path) for _ in range(2)]
    again = await ada.request("POST", "/api/v1/auth/email-verifications")

    assert [answer.status for answer in answers] == [204, 204]
    assert rows("SELECT email_verified_at IS NOT NULL AS so FROM account WHERE id = %s", (ada.id,)) == [{"so": True}]
    assert (again.status, again.body["code"]) == (409, "already_verified")


async def test_a_verification_is_sent_again_but_not_for_ever(auth: RealServices) -> None:
    ada = await auth.account()

    answers = [await ada.request("POST", "/api/v1/auth/email-verifications") for _ in range(5)]

    assert [answer.status for answer in answers] == [204] * 4 + [429]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_strangers_have_no_sessions(auth: RealServices, method: str) -> None:
    answer = await auth.call(method, "/api/v1/auth/sessions")

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_sign_in_takes_as_long_for_an_unknown_address(auth: RealServices) -> None:
    ada = await auth.account()

    async def seconds(email: str) -> float:
        execute("DELETE FROM guess")
        started = process_time()
        await auth.sign_in(email, "wrong")
        return process_time() - started

    known, unknown = [], []
    for _ in range(15):
        known.append(await seconds(ada.email))
        unknown.append(await seconds(an_email()))

    # By the processor's clock, so that it doesn't matter what else the machine does.
    assert median(unknown) == pytest.approx(median(known), rel=0.25)
