"""The services as this process reaches them: connections, and what their answers mean."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from punctual.http.dashboard.problems import Problem, SignedOut
from punctual.http.dashboard.renewal import Renewal
from punctual.kit import wire
from punctual.kit.clients import DASHBOARD, secret

BASE = "/api/v1"
TOTAL_SECONDS = 10.0


class Services:
    """The services of this instance, and the renewal of tokens with one of them."""

    def __init__(self, connection: aiohttp.ClientSession, urls: Mapping[str, str]) -> None:
        self.connection = connection
        self.urls = urls
        self.renewal = Renewal(self._exchange)

    async def call(
        self, service: str, method: str, path: str, headers: Mapping[str, str], **options: Any
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and parsed body, whatever the status. Raises Problem without an answer."""
        url = URL(self.urls[service] + path, encoded=True)
        try:
            async with self.connection.request(method, url, headers=headers, allow_redirects=False, **options) as reply:
                raw = await reply.read()
                return reply.status, reply.headers, wire.loads(raw) if raw else None
        except TimeoutError:
            raise Problem(504, f"The {service} service did not answer in time. Try again shortly.") from None
        except (aiohttp.ClientError, ValueError) as error:
            raise Problem(503, f"The {service} service can't be reached right now. Try again shortly.") from error

    async def _exchange(self, refresh_token: str) -> dict[str, Any]:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": DASHBOARD}
        if proof := secret():
            form["client_secret"] = proof
        # No address and no agent: this session's are known since its beginning.
        status, headers, body = await self.call("auth", "POST", BASE + "/auth/token", {}, data=form)
        if status == 400:
            raise SignedOut
        if status != 200:
            raise problem_of(status, headers, body)
        granted: dict[str, Any] = body
        return granted


SERVICES = web.AppKey("services", Services)


def open_session() -> aiohttp.ClientSession:
    """The pool of connections to all services."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
        timeout=aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=2),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept-Encoding"),
    )


def problem_of(status: int, headers: Mapping[str, str], body: Any) -> Problem:
    """A service's answer as what a page can show."""
    said = body if isinstance(body, dict) else {}
    seconds = headers.get("Retry-After", "")
    return Problem(
        status,
        str(said.get("detail") or "The answer was not understood."),
        code=str(said.get("code", "")),
        errors=said.get("errors"),
        current=said.get("current"),
        retry_after=int(seconds) if seconds.isdecimal() else None,
    )
