"""A program that uses the public API as docs/api.md tells it to: it repeats what it knows no outcome of."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Literal, Self
from uuid import UUID, uuid4

import aiohttp

PASSWORD = "correct horse battery staple"
UNKNOWN = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(slots=True)
class Write:
    """One unsafe request, and what is known of it. `state` is None until the outcome is."""

    method: str
    path: str
    body: Any
    key: str
    state: Literal["done", "rejected", "failed"] | None = None
    status: int = 0
    answer: Any = None
    operation: str | None = None
    began: float = 0.0
    ended: float = 0.0
    waits: tuple[float, ...] = ()
    statuses: tuple[int, ...] = ()


class RetryingClient:
    """One signed-in person. `writes` has everything that was ever asked for."""

    def __init__(self, session: aiohttp.ClientSession, url: str, name: str) -> None:
        self.session = session
        self.url = url
        self.name = name
        self.email = f"{name}@example.org"
        self.id = UUID(int=0)
        self.writes: list[Write] = []
        self.contract: list[str] = []
        self._tokens: dict[str, Any] = {}

    async def register(self, zone: str = "UTC") -> Self:
        """Register and sign in."""
        body = {"email": self.email, "password": PASSWORD, "display_name": self.name, "time_zone": zone}
        done = await self.write("POST", "/api/v1/auth/register", body)
        assert done.state == "done", done
        self.id = UUID(done.answer["id"])
        await self._sign_in()
        return self

    async def write(self, method: str, path: str, body: Any = None, *, prefer: str | None = None) -> Write:
        """Send it until its outcome is known."""
        write = Write(method, path, body, str(uuid4()), began=time.monotonic())
        self.writes.append(write)
        headers = {"Idempotency-Key": write.key} | ({"Prefer": prefer} if prefer else {})
        status, answer, location = await self._settled(method, path, body, headers, write)
        if status == 202:
            assert location, answer
            write.operation = location
            await self._follow(location, write)
        else:
            write.status, write.answer = status, answer
            write.state = "done" if status < 300 else "failed" if status >= 500 else "rejected"
        write.ended = time.monotonic()
        return write

    async def read(self, path: str) -> Any:
        """The body of a GET, asked for until it is answered."""
        status, answer, _ = await self._settled("GET", path, None, {}, None)
        assert status == 200, f"{path}: {status} {answer}"
        return answer

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        """One request and no more: status, body and headers. Raises what aiohttp raises."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._tokens:
            sent["Authorization"] = f"Bearer {self._tokens['access_token']}"
        async with self.session.request(method, self.url + path, json=body, headers=sent) as answer:
            parsed = await answer.json(content_type=None) if await answer.read() else None
            return answer.status, parsed, dict(answer.headers)

    async def _follow(self, location: str, write: Write) -> None:
        while True:
            operation = await self.read(location)
            if operation["state"] != "pending":
                write.state = operation["state"]
                write.answer = operation.get("result") or operation.get("problem")
                return
            await asyncio.sleep(0.25)

    async def _settled(
        self, method: str, path: str, body: Any, headers: dict[str, str], write: Write | None
    ) -> tuple[int, Any, str | None]:
        while True:
            began = time.monotonic()
            try:
                status, answer, replied = await self.ask(method, path, body, **headers)
            except UNKNOWN:
                status, answer, replied = 0, None, {}
            if write:
                write.statuses = (*write.statuses, status)
                write.waits = (*write.waits, time.monotonic() - began)
            if status == 401 and self._tokens:
                await self._sign_in()
            elif status in (429, 503):
                if "Retry-After" not in replied:
                    self.contract.append(f"{status} without Retry-After: {method} {path} {answer}")
                await asyncio.sleep(float(replied.get("Retry-After", "1")))
            elif status in (0, 502, 504):
                await asyncio.sleep(0.3)
            else:
                return status, answer, replied.get("Location")

    async def _sign_in(self) -> None:
        form = {"grant_type": "password", "username": self.email, "password": PASSWORD}
        while True:
            try:
                async with self.session.post(f"{self.url}/api/v1/auth/token", data=form) as answer:
                    if answer.status == 200:
                        self._tokens = await answer.json()
                        return
            except UNKNOWN:
                pass
            await asyncio.sleep(0.5)
