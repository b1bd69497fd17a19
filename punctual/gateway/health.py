"""The gateway's health: alive by itself, ready when every service is, and which one isn't."""

import asyncio
import time
from collections.abc import Mapping, Sequence

import aiohttp
from aiohttp import web

from punctual.kit.responses import json_response

CHECK_SECONDS = 2.0
REMEMBER_SECONDS = 1.0


class Health:
    """Asks the services; remembers their answers for a second, however many ask at once."""

    def __init__(self, session: aiohttp.ClientSession, urls: Mapping[str, Sequence[str]]) -> None:
        self._session = session
        self._urls = urls
        self._services: dict[str, str] = {}
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def live(self, _request: web.Request) -> web.Response:
        """This process answers."""
        return json_response({"status": "live"})

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when all services are ready, else 503; `parts` has each by name."""
        async with self._lock:
            if time.monotonic() - self._asked_at > REMEMBER_SECONDS:
                words = await asyncio.gather(*(self._ask_any(urls) for urls in self._urls.values()))
                self._services = dict(zip(self._urls, words, strict=True))
                self._asked_at = time.monotonic()
        well = all(word == "ok" for word in self._services.values())
        body = {"status": "ready" if well else "not ready", "parts": self._services}
        return json_response(body, status=200 if well else 503, headers={} if well else {"Retry-After": "2"})

    async def _ask_any(self, urls: Sequence[str]) -> str:
        """Of several processes of a service one that is ready is enough."""
        words = await asyncio.gather(*map(self._ask, urls))
        return "ok" if "ok" in words else words[0]

    async def _ask(self, url: str) -> str:
        try:
            async with (
                asyncio.timeout(CHECK_SECONDS),
                self._session.get(f"{url}/health/ready", allow_redirects=False) as answer,
            ):
                if answer.status == 200:
                    return "ok"
                parts = (await answer.json()).get("parts", {})
                away = ", ".join(name for name, word in parts.items() if word != "ok")
                return f"not ready: {away}" if away else "not ready"
        except TimeoutError:
            return "not ready: no answer in time"
        except (aiohttp.ClientError, ValueError, AttributeError):
            return "not ready: can't be reached"
