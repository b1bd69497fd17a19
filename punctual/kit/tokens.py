"""Access tokens: verified against auth's published keys (JWKS), each token only once while it is good."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import aiohttp
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from punctual.kit import settings
from punctual.kit.denylist import Denylist
from punctual.kit.errors import Unauthenticated, Unavailable
from punctual.kit.outcomes import Caller

log = logging.getLogger(__name__)
AUDIENCE = "punctual"
ALGORITHM = "Ed25519"  # RFC 9864: "EdDSA" as a name is deprecated
REFETCH_SECONDS = 5.0
REFRESH_SECONDS = 300.0
CACHE_SIZE = 20_000
LEEWAY_SECONDS = 5
Fetch = Callable[[], Awaitable[dict[str, Any]]]


class Verifier:
    """Says who a bearer token speaks for. Keys are fetched at first use and when a token names an unknown one."""

    def __init__(self, fetch: Fetch, denylist: Denylist) -> None:
        self._fetch = fetch
        self._denylist = denylist
        self._keys: dict[str, Any] = {}
        self._fetched_at = 0.0
        self._failed_at = 0.0
        self._lock = asyncio.Lock()
        self._good: dict[str, tuple[Caller, float, float]] = {}

    @property
    def denylist(self) -> Denylist:
        """Whose tokens are refused."""
        return self._denylist

    def demand(self) -> None:
        """Raises Unavailable as long as no key is known, so that no token can be checked."""
        if not self._keys:
            raise Unavailable("The keys of tokens aren't known yet.")

    async def learn(self) -> None:
        """Fetch the keys before anybody needs them. Raises Unavailable."""
        async with self._lock:
            await self._refresh(needed=True)

    async def verify(self, token: str) -> Caller:
        """The caller. Raises Unauthenticated, or Unavailable when auth's keys can't be had."""
        known = self._good.get(token)
        caller, issued_at, expires_at = known or await self._decode(token)
        if expires_at + LEEWAY_SECONDS < time.time():
            self._good.pop(token, None)
            raise Unauthenticated("The access token has expired; get a new one with the refresh token.")
        if self._denylist.revokes((caller.id, caller.session_id), issued_at):
            raise Unauthenticated("The access token was revoked; refresh it, or sign in again.")
        if known is None:
            self._remember(token, (caller, issued_at, expires_at))
        return caller

    async def _decode(self, token: str) -> tuple[Caller, float, float]:
        try:
            key = await self._key(token)
            claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": settings.current().public_url},
                aud={"essential": True, "value": AUDIENCE},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
            caller = Caller(UUID(claims["sub"]), claims["role"], UUID(claims["sid"]))
            return caller, float(claims["iat"]), float(claims["exp"])
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unauthenticated(f"The access token isn't valid: {type(error).__name__}.") from error

    async def _key(self, token: str) -> Any:
        kid = _header(token).get("kid")
        now = time.monotonic()
        unknown = kid not in self._keys
        if (unknown and now - self._fetched_at > REFETCH_SECONDS) or now - self._fetched_at > REFRESH_SECONDS:
            async with self._lock:
                if self._failed_at > now:
                    # Whoever waited while another asked in vain shares that answer, not the wait.
                    raise Unavailable("Tokens can't be checked right now; try again shortly.")
                if self._fetched_at < now:
                    await self._refresh(needed=unknown)
        if kid not in self._keys:
            raise Unauthenticated("The access token is signed with a key that isn't known.")
        return self._keys[kid]

    async def _refresh(self, *, needed: bool) -> None:
        try:
            keys = KeySet.import_key_set(await self._fetch())  # type: ignore[arg-type]
            self._keys = {key.kid: key for key in keys.keys if key.kid}
        except (aiohttp.ClientError, OSError, TimeoutError, JoseError, KeyError, ValueError) as error:
            if needed and not self._keys:
                self._failed_at = time.monotonic()
                raise Unavailable("Tokens can't be checked right now; try again shortly.") from error
            log.warning("The signing keys could not be fetched: %s", error)
        # Of when the answer came, not when it was asked for: whoever came between takes it, too.
        self._fetched_at = time.monotonic()

    def _remember(self, token: str, entry: tuple[Caller, float, float]) -> None:
        if len(self._good) >= CACHE_SIZE:
            self._good.clear()
        self._good[token] = entry


def bearer(header: str | None) -> str:
    """The token of an Authorization header. Raises Unauthenticated."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send the access token as: Authorization: Bearer <token>.")
    return token.strip()


def _header(token: str) -> dict[str, Any]:
    from joserfc.jws import extract_compact  # noqa: PLC0415

    return dict(extract_compact(token.encode()).protected)
