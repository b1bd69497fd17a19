"""Who is signed in: tokens in an encrypted cookie that is written only when they change.

The cookie is the whole session.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any

import aiohttp_session
from aiohttp import web
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from cryptography.fernet import InvalidToken

# As long as auth lets a session live without being used.
COOKIE_SECONDS = 30 * 24 * 3600
# A token that ends sooner is renewed before it is used: it has to last for all calls of a page.
EARLY_SECONDS = 60
OPENED_SECONDS, MOST_OPENED = 60.0, 5_000


class Sessions(EncryptedCookieStorage):
    """The cookie, and other small texts that only this instance can read."""

    def __init__(self, key: str, *, secure: bool) -> None:
        super().__init__(
            hashlib.sha256(b"punctual dashboard session\0" + key.encode()).digest(),
            # Only this host can set a cookie of that prefix, not a neighbour under the same domain.
            cookie_name="__Host-punctual" if secure else "punctual",
            max_age=COOKIE_SECONDS,
            secure=secure,
            httponly=True,
            samesite="Lax",
        )
        self.secure = secure
        self._opened: dict[str, tuple[float, Any]] = {}

    async def load_session(self, request: web.Request) -> aiohttp_session.Session:
        """The session of the cookie, which is opened once in a while."""
        cookie = self.load_cookie(request)
        until, data = self._opened.get(cookie or "", (0.0, None))
        if data is None or until < time.monotonic():
            session = await super().load_session(request)
            if cookie and not session.new:
                if len(self._opened) >= MOST_OPENED:
                    self._opened.clear()
                # A copy: what this request changes belongs into its own cookie.
                data = {"created": session.created, "session": dict(session)}
                self._opened[cookie] = (time.monotonic() + OPENED_SECONDS, data)
            return session
        return aiohttp_session.Session(None, data=data, new=False, max_age=self.max_age)

    def seal(self, text: str) -> str:
        """Encrypt."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str, seconds: int) -> str | None:
        """What was sealed here within so many seconds."""
        try:
            return self._fernet.decrypt(sealed, ttl=seconds).decode()
        except (InvalidToken, ValueError):
            return None


SESSIONS = web.AppKey("sessions", Sessions)
SESSION = web.RequestKey("session", aiohttp_session.Session)


async def load(request: web.Request) -> None:
    """Read the cookie; a visitor without one gets one with the secret that forms are bound to."""
    known = request[SESSION] = await request.app[SESSIONS].load_session(request)
    if "csrf" not in known:
        known["csrf"] = secrets.token_hex(16)


async def save(request: web.Request, response: web.StreamResponse) -> None:
    """Write the cookie if it changed; before the answer begins."""
    known = request.get(SESSION)
    if known is not None and known._changed:  # noqa: SLF001 - as its own middleware does
        await request.app[SESSIONS].save_session(request, response, known)


def signed_in(request: web.Request) -> bool:
    """Whether the visitor has tokens; whether they are still good only the services know."""
    return "refresh" in request[SESSION]


def begin(request: web.Request, granted: Mapping[str, Any]) -> None:
    """Sign in with what the token endpoint granted. Forms rendered before are void."""
    request[SESSION].invalidate()
    request[SESSION]["csrf"] = secrets.token_hex(16)
    keep(request, granted)


def keep(request: web.Request, granted: Mapping[str, Any]) -> None:
    """Take new tokens for the same session."""
    known = request[SESSION]
    known["access"], known["refresh"] = granted["access_token"], granted["refresh_token"]
    known["until"] = granted.get("until") or int(time.time()) + granted["expires_in"]


def end(request: web.Request) -> None:
    """Forget the tokens."""
    request[SESSION].invalidate()
    request[SESSION]["csrf"] = secrets.token_hex(16)


def expires_soon(request: web.Request) -> bool:
    """Whether the access token is to be renewed before it is used."""
    return float(request[SESSION].get("until", 0)) - time.time() < EARLY_SECONDS


def expired(request: web.Request) -> bool:
    """Whether the access token can't be used any more."""
    return float(request[SESSION].get("until", 0)) <= time.time()
