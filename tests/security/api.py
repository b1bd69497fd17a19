"""HTTP as any program speaks it, and a note of every secret that was used on the way."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

T = TypeVar("T")
SECRET_FIELDS = ("password", "current_password", "new_password", "access_token", "refresh_token", "token")


@dataclass(frozen=True)
class Reply:
    """An answer with everything that it shows."""

    status: int
    headers: CIMultiDictProxy[str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None

    def shows(self, text: str) -> bool:
        """Whether a text stands anywhere in body or headers."""
        return text.encode() in self.raw or any(text in value for value in self.headers.values())

    def __repr__(self) -> str:
        return f"{self.status} {self.raw[:300]!r}"


@dataclass
class Api:
    """One address. `secrets` gathers passwords and tokens, both sent and received."""

    base: str
    client: aiohttp.ClientSession
    secrets: set[str] = field(default_factory=set)

    async def send(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        body: Any = None,
        form: dict[str, str] | None = None,
        **headers: str,
    ) -> Reply:
        """One request to exactly this path; header names use underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
            self.secrets.add(token)
        self._note(body)
        self._note(form)
        data = {"json": body} if body is not None else {"data": form}
        url = URL(self.base + path, encoded=True)
        async with self.client.request(method, url, headers=sent, allow_redirects=False, **data) as response:
            raw = b"" if response.content_type == "text/event-stream" else await response.read()
            reply = Reply(response.status, response.headers, raw)
        if response.content_type == "application/json" and method != "HEAD":
            self._note(reply.body)
        return reply

    async def demand(self, status: int, method: str, path: str, **request: Any) -> Any:
        """The body of an answer whose status must be this one."""
        reply = await self.send(method, path, **request)
        assert reply.status == status, f"{method} {path}: {reply}"
        return reply.body

    def _note(self, body: Any) -> None:
        for value in _secrets(body):
            self.secrets.add(value)


@dataclass
class Person:
    """Somebody with an account."""

    api: Api
    email: str
    password: str
    id: str = ""
    token: str = ""
    refresh_token: str = ""

    async def register(self, name: str) -> "Person":
        """Register and sign in."""
        body = {"email": self.email, "password": self.password, "display_name": name}
        self.id = (await self.api.demand(201, "POST", "/api/v1/auth/register", body=body))["id"]
        return await self.sign_in()

    async def sign_in(self) -> "Person":
        """A new session."""
        form = {"grant_type": "password", "username": self.email, "password": self.password}
        tokens = await self.api.demand(200, "POST", "/api/v1/auth/token", form=form)
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        return self

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """A request with one's token."""
        return await self.api.send(method, path, token=self.token, body=body, **headers)

    async def get(self, path: str) -> Any:
        """What is there."""
        return await self.api.demand(200, "GET", path, token=self.token)

    async def post(self, path: str, body: Any, **headers: str) -> Any:
        """What was made."""
        return await self.api.demand(201, "POST", path, token=self.token, body=body, **headers)

    async def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        """What it became."""
        return await self.api.demand(status, "PUT", path, token=self.token, body=body)


@asynccontextmanager
async def opened(base: str, secrets: set[str] | None = None) -> AsyncIterator[Api]:
    """A client of this address."""
    timeout = aiohttp.ClientTimeout(total=40)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector, auto_decompress=False) as client:
        yield Api(base, client, set() if secrets is None else secrets)


async def until(check: Callable[[], Awaitable[T]], *, within: float = 20.0) -> T:
    """The first truthy result. Raises AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        result = await check()
        if result:
            return result
        assert time.monotonic() < deadline, f"Still not so after {within} s: {result!r}"
        await asyncio.sleep(0.05)


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name in SECRET_FIELDS and isinstance(item, str):
                yield item
            yield from _secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item)
