"""Who gets past the door."""

import time

import aiohttp
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from tests.gateway.conftest import Gateway, opened
from tests.gateway.stub import Stub
from tests.support.services import KEY


async def problem_of(gateway: Gateway, headers: dict[str, str], path: str = "/api/v1/tasks") -> tuple[int, str, str]:
    async with gateway.request("GET", path, headers=headers) as response:
        body = await response.json(content_type="application/problem+json")
        return response.status, body["code"], response.headers.get("WWW-Authenticate", "")


async def test_a_good_token_gets_in_and_is_passed_on_as_it_came(gateway: Gateway, stub: Stub):
    response = await gateway.get("/api/v1/tasks")

    assert response.status == 200
    assert stub.last.headers["Authorization"] == gateway.ada["Authorization"]


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer "])
async def test_without_a_token_one_is_asked_for(gateway: Gateway, stub: Stub, header):
    headers = {"Authorization": header} if header else {}

    status, code, challenge = await problem_of(gateway, headers)
    assert (status, code) == (401, "unauthenticated")
    assert challenge.startswith('Bearer realm="punctual"')
    assert not stub.seen


def forged(**changes: object) -> str:
    now = int(time.time())
    header = {"alg": "Ed25519", "kid": "tests", **changes}
    claims = {"iss": "http://punctual.test", "aud": "punctual", "sub": "x", "sid": "x", "iat": now, "exp": now + 600}
    stranger = OKPKey.generate_key("Ed25519", {"kid": "tests", "alg": "Ed25519"})
    return jwt.encode(header, claims, stranger, algorithms=["Ed25519"])


def confused() -> str:
    """Signed with the public key as if it were a shared secret."""
    secret = OctKey.import_key(str(KEY.as_dict(private=False)["x"]) * 2)
    now = int(time.time())
    return jwt.encode({"alg": "HS256", "kid": "tests"}, {"iat": now, "exp": now + 600}, secret, algorithms=["HS256"])


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        "a.b.c",
        "eyJhbGciOiJub25lIiwia2lkIjoidGVzdHMifQ.eyJzdWIiOiJ4In0.",
        forged(),
        forged(kid="another"),
        confused(),
    ],
)
async def test_a_forged_token_is_refused(gateway: Gateway, stub: Stub, token):
    status, code, challenge = await problem_of(gateway, {"Authorization": f"Bearer {token}"})

    assert (status, code) == (401, "unauthenticated")
    assert 'error="invalid_token"' in challenge
    assert not stub.seen


@pytest.mark.parametrize("claims", [{"exp": 1}, {"iss": "http://elsewhere"}, {"aud": "other"}, {"sub": "nobody"}])
async def test_a_token_that_is_not_for_us_or_not_for_now_is_refused(gateway: Gateway, stub: Stub, claims):
    status, _, challenge = await problem_of(gateway, gateway.bearer(**claims))

    assert status == 401
    assert 'error="invalid_token"' in challenge
    assert not stub.seen


async def test_a_revoked_session_is_refused_at_once(gateway: Gateway, stub: Stub):
    assert (await gateway.get("/api/v1/tasks")).status == 200

    gateway.denylist.revoke(gateway.session_id)

    assert (await gateway.get("/api/v1/tasks")).status == 401
    assert len(stub.seen) == 1


async def test_what_is_for_administrators_is_forbidden_to_others(gateway: Gateway, stubs: dict[str, Stub]):
    path = "/api/v1/dead-letters/task"

    assert (await problem_of(gateway, gateway.ada, path))[:2] == (403, "forbidden")
    assert not stubs["task"].seen
    async with gateway.request("GET", path, headers=gateway.admin) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/auth/register"),
        ("POST", "/api/v1/auth/token"),
        ("PUT", "/api/v1/auth/password-resets/abc_DEF-123"),
        ("GET", "/.well-known/jwks.json"),
    ],
)
async def test_open_routes_ask_for_no_token(gateway: Gateway, stubs: dict[str, Stub], method, path):
    async with gateway.request(method, path) as response:
        assert response.status == 200
    assert stubs["auth"].last.target == path


async def test_two_authorization_headers_are_refused(gateway: Gateway, stub: Stub):
    answer = await gateway.raw_get("/api/v1/tasks", "Authorization: Bearer another")

    assert answer[9:12] == b"400"
    assert not stub.seen


async def test_while_no_keys_can_be_had_nobody_is_called_a_forger(variables):
    async def no_keys():
        raise aiohttp.ClientConnectionError("auth is away")

    async with opened(no_keys) as gateway:
        for _ in range(2):
            response = await gateway.get("/api/v1/tasks")

            assert response.status == 503
            assert response.headers["Retry-After"]
