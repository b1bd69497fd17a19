"""Tokens that nobody should accept, at the gateway and straight at each service."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey

from punctual.kit.settings import SERVICES
from tests.flows.stack import Stack
from tests.security import forge
from tests.security.api import Person, opened
from tests.security.conftest import SECRETS
from tests.security.forge import claims_of, forged, packed, stranger

DOORS = ("gateway", *SERVICES)
PATHS = {
    "gateway": "/api/v1/users/me",
    "auth": "/api/v1/auth/sessions",
    "user": "/api/v1/users/me",
    "project": "/api/v1/projects",
    "task": "/api/v1/tasks",
    "notification": "/api/v1/notifications",
}
NOW = int(time.time())


@dataclass(frozen=True)
class Good:
    """A token that is accepted, in its parts, and the key that signed it."""

    token: str
    key: OKPKey

    @property
    def parts(self) -> list[str]:
        return self.token.split(".")

    def headed(self, **header: object) -> str:
        """Its payload and signature under another header."""
        return ".".join([packed(header), *self.parts[1:]])


def _hmac_signed(good: Good) -> str:
    public = json.dumps(good.key.as_dict(private=False)).encode()
    text = f"{packed({'alg': 'HS256', 'kid': good.key.kid})}.{good.parts[1]}"
    return f"{text}.{packed(hmac.digest(public, text.encode(), hashlib.sha256))}"


def _with_own_key(good: Good) -> str:
    own = stranger("own")
    return forged(own, good.token, header={"jwk": own.as_dict(private=False)})


def _promoted(good: Good) -> str:
    changed = packed({**claims_of(good.token), "role": "admin"})
    return ".".join([good.parts[0], changed, good.parts[2]])


FORGERIES: dict[str, Callable[[Good], str]] = {
    "alg none": lambda good: f"{packed({'alg': 'none', 'kid': good.key.kid})}.{good.parts[1]}.",
    "alg none without kid": lambda good: f"{packed({'alg': 'none'})}.{good.parts[1]}.",
    "alg NONE with the signature": lambda good: good.headed(alg="NONE", kid=good.key.kid),
    "alg HS256 keyed with the public key": _hmac_signed,
    "alg EdDSA, the old name": lambda good: good.headed(alg="EdDSA", kid=good.key.kid),
    "alg missing": lambda good: good.headed(kid=good.key.kid),
    "alg a list": lambda good: good.headed(alg=["Ed25519"], kid=good.key.kid),
    "another key under the same kid": lambda good: forged(stranger(str(good.key.kid)), good.token),
    "another key under a new kid": lambda good: forged(stranger(str(uuid4())), good.token),
    "kid missing": lambda good: forged(good.key, good.token, header={"kid": None}),
    "kid a list": lambda good: good.headed(alg="Ed25519", kid=[good.key.kid]),
    "kid a path": lambda good: good.headed(alg="Ed25519", kid="../../../dev/null"),
    "kid a statement": lambda good: good.headed(alg="Ed25519", kid="' OR '1'='1"),
    "its own key inside": _with_own_key,
    "a key's address inside": lambda good: good.headed(alg="Ed25519", jku="http://evil.test/jwks", kid="evil"),
    "an unknown critical header": lambda good: good.headed(alg="Ed25519", kid=good.key.kid, crit=["evil"], evil=1),
    "another audience": lambda good: forged(good.key, good.token, aud="another service"),
    "audiences, none ours": lambda good: forged(good.key, good.token, aud=["a", "b"]),
    "no audience": lambda good: forged(good.key, good.token, aud=None),
    "another issuer": lambda good: forged(good.key, good.token, iss="http://evil.test"),
    "no issuer": lambda good: forged(good.key, good.token, iss=None),
    "expired": lambda good: forged(good.key, good.token, iat=NOW - 700, exp=NOW - 100),
    "expiry missing": lambda good: forged(good.key, good.token, exp=None),
    "expiry a text": lambda good: forged(good.key, good.token, exp="never"),
    "expiry not a number": lambda good: forged(good.key, good.token, exp=float("nan")),
    "expiry true": lambda good: forged(good.key, good.token, exp=True),
    "not yet valid": lambda good: forged(good.key, good.token, nbf=NOW + 3600),
    "issued in the future": lambda good: forged(good.key, good.token, iat=NOW + 3600, exp=NOW + 7200),
    "issue missing": lambda good: forged(good.key, good.token, iat=None),
    "subject missing": lambda good: forged(good.key, good.token, sub=None),
    "subject not an id": lambda good: forged(good.key, good.token, sub="root"),
    "subject a list": lambda good: forged(good.key, good.token, sub=[claims_of(good.token)["sub"]]),
    "session missing": lambda good: forged(good.key, good.token, sid=None),
    "role missing": lambda good: forged(good.key, good.token, role=None),
    "payload changed": _promoted,
    "signature changed": lambda good: ".".join([*good.parts[:2], packed(bytes(64))]),
    "signature missing": lambda good: ".".join([*good.parts[:2], ""]),
    "signature cut": lambda good: good.token[:-4],
    "parts missing": lambda good: ".".join(good.parts[:2]),
    "parts too many": lambda good: f"{good.token}.{good.parts[2]}",
    "padded": lambda good: "=.".join(good.parts) + "=",
    "a header that isn't an object": lambda good: ".".join([packed(b'["alg"]'), *good.parts[1:]]),
    "a header that isn't JSON": lambda good: ".".join([packed(b"\xff\x00"), *good.parts[1:]]),
    "a header of deep lists": lambda good: ".".join([packed(b"[" * 300), *good.parts[1:]]),
    "nearly as long as a header may be": lambda _good: "a" * 8100,
    "dots": lambda _good: "..",
    "a word": lambda _good: "admin",
}


@pytest.fixture(scope="module")
def good(stack: Stack, root: Person) -> Good:
    """A token of somebody who isn't an administrator."""

    async def make() -> str:
        async with opened(stack.url, SECRETS) as api:
            return (await Person(api, "tokens@example.org", "a password for tokens").register("Tokens")).token

    return Good(asyncio.run(make()), forge.signing_key(stack))


def address(stack: Stack, door: str) -> str:
    """Where a door is."""
    return stack.url if door == "gateway" else stack.variables()[f"PUNCTUAL_URL_{door.upper()}"]


@pytest.mark.parametrize("door", DOORS)
async def test_bad_tokens_are_refused_and_not_repeated_and_good_ones_still_accepted(
    stack: Stack, good: Good, door: str
) -> None:
    async with opened(address(stack, door), SECRETS) as api:
        replies = {name: await api.send("GET", PATHS[door], token=make(good)) for name, make in FORGERIES.items()}
        accepted = await api.send("GET", PATHS[door], token=good.token)
        resigned = await api.send("GET", PATHS[door], token=forged(good.key, good.token, jti=str(uuid4())))

    assert {name: reply for name, reply in replies.items() if reply.status != 401} == {}
    for name, reply in replies.items():
        assert reply.headers["WWW-Authenticate"].startswith("Bearer"), name
        assert reply.body["code"] == "unauthenticated", name
        assert len(reply.raw) < 400, name
    assert (accepted.status, resigned.status) == (200, 200)


@pytest.mark.parametrize("door", DOORS)
async def test_a_token_over_the_limit_of_a_header_is_refused_and_not_repeated(stack: Stack, door: str) -> None:
    async with opened(address(stack, door)) as api:
        reply = await api.send("GET", PATHS[door], token="secret" * 2000)

    assert reply.status == 431
    assert reply.body["code"] == "headers_too_large"
    assert not reply.shows("secret")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("header", ["Basic {}", "Bearer", "{}", "bearer  ", "DPoP {}", "Bearer a b", "Bearer {},{}"])
async def test_only_a_bearer_token_alone_is_taken(stack: Stack, good: Good, door: str, header: str) -> None:
    async with opened(address(stack, door)) as api:
        reply = await api.send("GET", PATHS[door], Authorization=header.format(good.token, good.token))

    assert reply.status == 401


async def test_a_token_elsewhere_than_in_its_header_is_nobodys(stack: Stack, good: Good) -> None:
    for door in DOORS:
        async with opened(address(stack, door)) as api:
            target = f"{PATHS[door]}?access_token={good.token}"
            reply = await api.send("GET", target, Cookie=f"access_token={good.token}", X_Access_Token=good.token)

        assert reply.status == 401


async def test_tokens_of_unknown_keys_do_not_make_everybody_ask_auth_for_its_keys(stack: Stack, good: Good) -> None:
    before = _asked_for_keys(stack)

    async with opened(stack.url) as api:
        tokens = [good.headed(alg="Ed25519", kid=str(uuid4())) for _ in range(50)]
        replies = await asyncio.gather(*(api.send("GET", PATHS["gateway"], token=token) for token in tokens[:25]))
        # One after the other, too: who comes at once shares an answer anyway.
        replies += [await api.send("GET", PATHS["gateway"], token=token) for token in tokens[25:]]

    assert {reply.status for reply in replies} == {401}
    assert _asked_for_keys(stack) - before <= 1


def _asked_for_keys(stack: Stack) -> int:
    log = (stack.root / "logs" / "services.log").read_text()
    return log.count('"path": "/.well-known/jwks.json"')
