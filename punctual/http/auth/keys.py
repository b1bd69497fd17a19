"""The signing keys: access tokens are signed with them, and their public halves are published."""

import asyncio
import base64
import hmac
import logging
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiohttp import web
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import OKPKey

from punctual.kit import ids, settings
from punctual.kit.denylist import ACCESS_TOKEN_SECONDS
from punctual.kit.errors import Unavailable
from punctual.kit.responses import json_response
from punctual.kit.tokens import ALGORITHM, AUDIENCE
from punctual.queries import Row, auth as queries

log = logging.getLogger(__name__)
# A key is published an hour before it signs, so both caches have run out by then.
REREAD_SECONDS = 60.0
# Whoever asks waits 5 s for all of the answer.
READ_SECONDS = 2.0
CACHED = {"Cache-Control": "public, max-age=300"}


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key in use."""

    jwk: OKPKey
    refresh_secret: bytes
    signs_from: float

    @classmethod
    def of(cls, row: Row) -> "Key":
        """From a row of the database."""
        parameters = {"kid": str(row["id"]), "use": "sig", "alg": ALGORITHM}
        private = OKPKey.binding.from_private_bytes("Ed25519", bytes(row["seed"]))
        jwk = OKPKey.import_key(private, parameters)  # type: ignore[arg-type]
        return cls(jwk, bytes(row["refresh_secret"]), row["signs_from"].timestamp())

    def access_token(self, user_id: UUID, session_id: UUID, role: str, at: int) -> str:
        """A signed token, issued `at` (epoch seconds)."""
        claims = {
            "iss": settings.current().public_url,
            "aud": AUDIENCE,
            "sub": str(user_id),
            "sid": str(session_id),
            "role": role,
            "iat": at,
            "exp": at + ACCESS_TOKEN_SECONDS,
            "jti": str(ids.uuid7()),
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self.jwk.kid}, claims, self.jwk, algorithms=[ALGORITHM])

    def successor(self, refresh_token: str) -> str:
        """The refresh token that follows this one: the same whenever it is asked for, to be known only from here."""
        digest = hmac.digest(self.refresh_secret, refresh_token.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Keyring:
    """The keys of this process: those read last are good as long as the database is away."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._read_at = float("-inf")

    async def current(self) -> Key:
        """The key that signs now. Raises Unavailable."""
        keys = self._keys if time.monotonic() - self._read_at < REREAD_SECONDS else await self.all()
        if not keys:
            raise Unavailable("There is no signing key; run `punctual migrate`, and see that a worker runs.")
        return max((key for key in keys if key.signs_from <= time.time()), key=_age, default=keys[0])

    async def all(self) -> list[Key]:
        """Every key that tokens may be signed with. Raises Unavailable when none was ever read."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                self._keys = [Key.of(row) for row in await queries.signing_keys()]
        except (Unavailable, TimeoutError) as error:
            if not self._keys:
                raise Unavailable("The signing keys can't be read right now; try again shortly.") from error
            log.warning("The signing keys can't be read; those read before stay good: %s", error)
        self._read_at = time.monotonic()
        return self._keys


def _age(key: Key) -> float:
    return key.signs_from


async def jwks(_request: web.Request) -> web.Response:
    """The public halves of all keys that tokens may be signed with (RFC 7517)."""
    keys = [key.jwk.as_dict(private=False) for key in await keyring.all()]
    return json_response({"keys": keys}, headers=CACHED)


async def metadata(_request: web.Request) -> web.Response:
    """Where the endpoints are and what they can do (RFC 8414)."""
    issuer = settings.current().public_url
    described: dict[str, Any] = AuthorizationServerMetadata(
        issuer=issuer,
        token_endpoint=f"{issuer}/api/v1/auth/token",
        jwks_uri=f"{issuer}/.well-known/jwks.json",
        revocation_endpoint=f"{issuer}/api/v1/auth/revoke",
        response_types_supported=["none"],
        grant_types_supported=["password", "refresh_token"],
        token_endpoint_auth_methods_supported=["none"],
        revocation_endpoint_auth_methods_supported=["none"],
        service_documentation=f"{issuer}/api/docs",
    )
    return json_response(dict(described), headers=CACHED)


keyring = Keyring()
