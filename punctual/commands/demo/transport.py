"""Requests that get an answer: repeated while a part is away, and not before the pause asked for is over."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from punctual.commands.demo.content import PersonDraft

TIMEOUT = aiohttp.ClientTimeout(total=60, connect=10)
TRIES = 8
LONGEST_PAUSE = 120.0
_AWAY = frozenset({502, 503, 504})
_TROUBLES = (aiohttp.ClientError, TimeoutError, OSError, ValueError)
Sleep = Callable[[float], Awaitable[None]]


class DemoError(Exception):
    """The demo can't go on; the text says why and what to do."""


@dataclass(slots=True)
class Person:
    """Somebody who uses the API."""

    draft: PersonDraft
    email: str
    password: str = field(repr=False)
    id: str = ""
    token: str = field(default="", repr=False)
    paused_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, parsed body, and the headers that matter."""

    request: str
    status: int
    body: Any
    location: str = ""
    retry_after: float | None = None

    @property
    def code(self) -> str:
        """The problem's code; empty where there is none."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""

    def expect(self) -> Any:
        """The body of an answer that is no problem. Raises DemoError."""
        if self.status < 400:
            return self.body
        body = self.body if isinstance(self.body, dict) else {}
        detail = body.get("detail") or "without a reason"
        trace = f" (request {body['request_id']})" if "request_id" in body else ""
        raise DemoError(
            f"{self.request} was answered {self.status}: {detail} {body.get('errors', '')}".rstrip() + trace
        )


class Transport:
    """One gateway."""

    def __init__(self, session: aiohttp.ClientSession, url: str, sleep: Sleep = asyncio.sleep) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self.sleep = sleep

    async def reachable(self) -> None:
        """Raises DemoError unless the gateway answers at once."""
        try:
            answer = await self._attempt(None, "GET", "/health/live", None, {})
        except _TROUBLES as error:
            raise self._silent("GET /health/live", error) from None
        if answer.status != 200 or not isinstance(answer.body, dict) or answer.body.get("status") != "live":
            raise DemoError(f"What answers at {self._url} is not Punctual; name its address with --url.")

    async def send(self, person: Person | None, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        """Ask until a service answers; after many tries what the gateway says of it. Raises DemoError without any."""
        error: BaseException | None = None
        answer: Answer | None = None
        tries = 0
        while tries < TRIES:
            if person is not None and person.paused_until > (now := time.monotonic()):
                await self.sleep(person.paused_until - now)
            pause = 0.25 * 2**tries
            tries += 1
            try:
                answer = await self._attempt(person, method, path, body, headers)
            except _TROUBLES as trouble:
                error = trouble
            else:
                if answer.status != 429 and answer.status not in _AWAY:
                    return answer
                pause = min(answer.retry_after or pause, LONGEST_PAUSE)
                if answer.status == 429:
                    # To be asked to wait is no failure, and it concerns everything this person does.
                    tries = 0
                    if person is not None:
                        person.paused_until = time.monotonic() + pause
            await self.sleep(pause)
        if answer is None:
            raise self._silent(f"{method} {path.partition('?')[0]}", error)
        return answer

    async def _attempt(
        self, person: Person | None, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> Answer:
        if person is not None and person.token:
            headers = {**headers, "Authorization": f"Bearer {person.token}"}
        data = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body} if body is not None else {}
        url = self._url + path
        async with self._session.request(method, url, headers=headers, timeout=TIMEOUT, **data) as answer:
            text = await answer.read()
            pause = answer.headers.get("Retry-After", "")
            return Answer(
                f"{method} {path.partition('?')[0]}",
                answer.status,
                json.loads(text) if text else None,
                answer.headers.get("Location", ""),
                float(pause) if pause.isdecimal() else None,
            )

    def _silent(self, request: str, error: BaseException | None) -> DemoError:
        remedy = "Start Punctual (make run), or name its address with --url."
        return DemoError(f"{self._url} has no answer to {request} ({error or type(error).__name__}). {remedy}")
