"""The gateway's health: alive by itself, ready when every service is, and which one isn't."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
from aiohttp import web

from punctual.kit.errors import Unavailable
from punctual.kit.health import readiness
from punctual.kit.responses import json_response
from punctual.kit.tokens import Verifier

CHECK_SECONDS = 2.0
REMEMBER_SECONDS = 1.0


class Health:
    """Asks the services; remembers their answers for a second, however many ask at once."""

    def __init__(self, session: aiohttp.ClientSession, urls: Mapping[str, Sequence[str]], verifier: Verifier) -> None:
        self._session = session
        self._verifier = verifier
        self._urls = urls
        self._services: dict[str, str] = {}
        self._degraded: dict[str, Any] = {}
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def live(self, _request: web.Request) -> web.Response:
        """This process answers."""
        return json_response({"status": "live"})

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when this process and all services are ready, else 503.

        `parts` has each by name, `degraded` what is late.
        """
        async with self._lock:
            if time.monotonic() - self._asked_at > REMEMBER_SECONDS:
                answers = await asyncio.gather(*(self._ask_any(urls) for urls in self._urls.values()))
                self._services = {name: word for name, (word, _) in zip(self._urls, answers, strict=True)}
                self._degraded = {name: since for _, late in answers for name, since in late.items()}
                self._asked_at = time.monotonic()
        parts = {"gateway": self._own(), **self._services}
        well = all(word == "ok" for word in parts.values())
        body = readiness(parts, self._degraded, well=well)
        return json_response(body, status=200 if well else 503, headers={} if well else {"Retry-After": "2"})

    def _own(self) -> str:
        try:
            self._verifier.demand()
        except Unavailable as error:
            return f"not ready: {error}"
        return "ok"

    async def _ask_any(self, urls: Sequence[str]) -> tuple[str, dict[str, Any]]:
        """Of several processes of a service one that is ready is enough."""
        answers = await asyncio.gather(*map(self._ask, urls))
        return next((answer for answer in answers if answer[0] == "ok"), answers[0])

    async def _ask(self, url: str) -> tuple[str, dict[str, Any]]:
        try:
            async with (
                asyncio.timeout(CHECK_SECONDS),
                self._session.get(f"{url}/health/ready", allow_redirects=False) as answer,
            ):
                body = await answer.json()
                late = dict(body.get("degraded", {}))
                if answer.status == 200:
                    return "ok", late
                away = ", ".join(name for name, word in body.get("parts", {}).items() if word != "ok")
                return f"not ready: {away}" if away else "not ready", late
        except TimeoutError:
            return "not ready: no answer in time", {}
        except (aiohttp.ClientError, ValueError, AttributeError, TypeError):
            return "not ready: can't be reached", {}
