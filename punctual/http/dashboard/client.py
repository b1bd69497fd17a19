"""Calls to the services over the internal network, as whoever is signed in.

    people = await api(request).get("project", "/projects/OPS/members", limit=200)
    done = await api(request).post("project", "/projects", {"key": "OPS", "name": "Operations"})

Every refusal raises Problem. What is accepted and not done yet is an Answer that is `pending`.
"""

import asyncio
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from punctual.http.dashboard import session
from punctual.http.dashboard.problems import Problem, SignedOut
from punctual.http.dashboard.services import BASE, SERVICES, problem_of
from punctual.http.dashboard.submission import key_of
from punctual.kit import logs, traces, wire

WAIT_SECONDS = 3
MOST_ITEMS = 1000
_PLAIN = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered to a change. `operation` is where a pending one settles."""

    status: int
    body: Any
    operation: str | None = None

    @property
    def pending(self) -> bool:
        """Accepted, but not done yet."""
        return self.status == 202


API = web.RequestKey("api", object)


class Api:
    """The API as one request's visitor may use it."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._services = request.app[SERVICES]

    async def get(self, service: str, path: str, **query: Any) -> Any:
        """What stands at a path below /api/v1; parameters that are None are left out. Raises Problem."""
        _, _, body = await self._call(service, "GET", path, params=_text(query))
        return body

    async def unless(self, service: str, path: str, known: str, **query: Any) -> tuple[str, Any]:
        """The same with its ETag; None while that is the one known. Raises Problem."""
        headers = {"If-None-Match": known} if known else {}
        status, answered, body = await self._call(service, "GET", path, headers, params=_text(query))
        return answered.get("ETag", ""), None if status == 304 else body

    async def all(self, service: str, path: str, most: int = MOST_ITEMS, **query: Any) -> list[Any]:
        """The items of a list, page by page up to `most`. Raises Problem."""
        items: list[Any] = []
        cursor = None
        while len(items) < most:
            page = await self.get(service, path, **{"limit": 200, **query, "cursor": cursor})
            items += page["items"]
            cursor = page.get("next_cursor")
            if cursor is None:
                break
        return items[:most]

    async def post(self, service: str, path: str, body: Any = None, **options: Any) -> Answer:
        """Create. Raises Problem."""
        return await self.send(service, "POST", path, body, **options)

    async def put(self, service: str, path: str, body: Any = None, **options: Any) -> Answer:
        """Do, or replace. Raises Problem."""
        return await self.send(service, "PUT", path, body, **options)

    async def patch(self, service: str, path: str, body: Any, **options: Any) -> Answer:
        """Change some fields; with `version`, only if nobody else did. Raises Problem, of 412 with `current`."""
        return await self.send(service, "PATCH", path, body, **options)

    async def delete(self, service: str, path: str, **options: Any) -> Answer:
        """Delete, or undo. Raises Problem."""
        return await self.send(service, "DELETE", path, None, **options)

    async def send(self, service: str, method: str, path: str, body: Any, *, version: int | None = None) -> Answer:
        """A change, done once however often its form is sent. Raises Problem."""
        raw = b"" if body is None else wire.dumps(body)
        # The same change on top of another version is another request.
        target = path if version is None else f"{path} {version}"
        headers = {"Prefer": f"wait={WAIT_SECONDS}", "Idempotency-Key": key_of(self._request, method, target, raw)}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if raw:
            headers["Content-Type"] = "application/json"
        status, answered, parsed = await self._call(service, method, path, headers, data=raw or None)
        return Answer(status, parsed, answered.get("Location", "").removeprefix(f"{BASE}/operations") or None)

    async def _call(
        self, service: str, method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any
    ) -> tuple[int, Mapping[str, str], Any]:
        if not _PLAIN.fullmatch(path):
            raise Problem(404, "There is nothing at this address.", code="not_found")
        for attempt in (1, 2):
            sent = {**forwarded(self._request), **(headers or {})}
            status, answered, body = await self._services.call(service, method, BASE + path, sent, **options)
            if status != 401 or not session.signed_in(self._request):
                break
            if attempt == 2:
                raise SignedOut
            # A change of role voids tokens before their time; a new one tells the truth.
            await renew(self._request)
        if status >= 400:
            raise problem_of(status, answered, body)
        return status, answered, body


def api(request: web.Request) -> Api:
    """The API for this request."""
    known = request.get(API)
    if not isinstance(known, Api):
        known = request[API] = Api(request)
    return known


async def gather(*awaited: Awaitable[Any]) -> list[Any]:
    """All of them at once. Raises the first Problem, when the others have ended, too."""
    results = await asyncio.gather(*awaited, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


async def renew(request: web.Request) -> None:
    """New tokens for this session. Raises SignedOut, or Problem while auth is away."""
    session.keep(request, await request.app[SERVICES].renewal.renew(request[session.SESSION]["refresh"]))


def forwarded(request: web.Request) -> dict[str, str]:
    """What every call carries on: who, for whom, and under which request id."""
    headers = {
        "X-Request-ID": logs.request_id() or "",
        "X-Forwarded-For": request.headers.get("X-Forwarded-For") or request.remote or "unknown",
        **traces.carried(),
    }
    if agent := request.headers.get("User-Agent"):
        headers["User-Agent"] = agent
    if access := request[session.SESSION].get("access"):
        headers["Authorization"] = f"Bearer {access}"
    return headers


def _text(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    given = [(name, value) for name, value in query.items() if value is not None]
    return [(name, str(value).lower() if isinstance(value, bool) else str(value)) for name, value in given]
