"""Handing requests to services: one pool of connections, deadlines, and retries of what may be repeated.

Everything may be repeated: safe methods by nature, the others because each carries an Idempotency-Key, and a
service does once what has the same key. So a body is held whole, up to the limit, until there is an answer.
"""

import asyncio
import itertools
import logging
import random
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from aiohttp.abc import ResolveResult
from multidict import CIMultiDict
from yarl import URL

from punctual.gateway.errors import BadAnswer, ServiceAway, ServiceFault, SlowAnswer
from punctual.gateway.headers import outwards
from punctual.gateway.streams import relay
from punctual.kit.dispatch import WAIT_SECONDS, preferred_wait

log = logging.getLogger(__name__)
CONNECT_SECONDS = 2.0
MARGIN_SECONDS = 5.0
STREAM_ANSWER_SECONDS = 10.0
SMALL_BYTES = 64 * 1024
# The first repeat comes at once: most often only a kept connection had been closed on the other side.
PAUSES = (0.0, 0.0, 0.1, 0.3, 0.8, 1.6)
PATIENCE_SECONDS = 5.0
KEEP_ALIVE_SECONDS = 30.0
# A container that was replaced has another address, and at its old one nobody even refuses.
NAMES_SECONDS = 1
# Connections that are never idle would never leave the replicas that they began with, for those that came later.
CALLS_PER_CONNECTION = 100

Answer = web.Response | aiohttp.ClientResponse
BODILESS = (204, 304)
# Deadlines are set around whole calls; aiohttp's own, for each read, would cost more than the rest of the door.
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)


class _Shuffled(aiohttp.ThreadedResolver):
    """Addresses of a name in any order: the C library sorts them, and the replica that comes first would get most."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        random.shuffle(found)
        return found


def open_session() -> aiohttp.ClientSession:
    """The pool of connections to all services; it adds, decodes and remembers nothing."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS, ttl_dns_cache=NAMES_SECONDS, resolver=_Shuffled()
        ),
        timeout=_TIMEOUT,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a service: the target is the raw path and query, exactly as they came."""

    service: str
    method: str
    target: str
    headers: CIMultiDict[str]
    body: bytes | None
    key: str | None


class Proxy:
    """Forwards calls and answers with what the service says, or with which service didn't."""

    def __init__(self, session: aiohttp.ClientSession, urls: Mapping[str, Sequence[str]]) -> None:
        self._session = session
        self._urls = urls
        self._turn = itertools.count()
        self._away_since: dict[str, float] = {}
        self._calls = itertools.count(1)

    async def forward(self, request: web.Request, call: Call) -> web.StreamResponse:
        """The service's answer. Raises ServiceFault."""
        prefer = call.headers.get("Prefer")
        seconds = MARGIN_SECONDS + (WAIT_SECONDS if prefer is None else preferred_wait(prefer))
        answer = await self._answer_within(seconds, call)
        if isinstance(answer, web.Response):
            return answer
        return await relay(request, answer)

    async def stream(self, request: web.Request, call: Call, alive: Callable[[], bool]) -> web.StreamResponse:
        """The service's stream, each chunk at once, for as long as it lasts and `alive` says so.

        Raises ServiceFault.
        """
        answer = await self._answer_within(STREAM_ANSWER_SECONDS, call)
        if isinstance(answer, web.Response):
            return answer
        return await relay(request, answer, alive)

    async def _answer_within(self, seconds: float, call: Call) -> Answer:
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                answer = await self._answer(call)
                small = isinstance(answer, web.Response)
                wait = _short_wait(answer.headers) if small and answer.status == 503 else 0
                # A clear refusal now is better than the same one too late.
                if wait and 2 * (time.monotonic() - began) + wait < seconds:
                    await asyncio.sleep(wait)
                    answer = await self._answer(call)
                return answer
        except TimeoutError:
            fault = ServiceAway if call.service in self._away_since else SlowAnswer
            raise fault(call.service, call.key) from None

    async def _answer(self, call: Call) -> Answer:
        fault: type[ServiceFault] = BadAnswer
        urls, turn = self._urls[call.service], next(self._turn)
        for attempt, pause in enumerate(self._pauses(call.service)):
            if pause:
                await asyncio.sleep(pause)
            url = URL(urls[(turn + attempt) % len(urls)] + call.target, encoded=True)
            try:
                answer = await self._ask(call, url)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                fault = ServiceAway
                if call.service not in self._away_since:
                    self._away_since[call.service] = time.monotonic()
                    log.warning("The %s service can't be reached: %s", call.service, error)
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
                fault = BadAnswer
                log.info("The %s service broke off: %s", call.service, error)
            except aiohttp.ClientError as error:
                log.warning("The %s service's answer isn't HTTP: %s", call.service, error)
                raise BadAnswer(call.service, call.key) from error
            else:
                if self._away_since.pop(call.service, None) is not None:
                    log.warning("The %s service can be reached again", call.service)
                return answer
        raise fault(call.service, call.key)

    async def _ask(self, call: Call, url: URL) -> Answer:
        headers = call.headers
        if next(self._calls) % CALLS_PER_CONNECTION == 0:
            headers = headers.copy()
            headers["Connection"] = "close"
        answer = await self._session.request(call.method, url, headers=headers, data=call.body, allow_redirects=False)
        length = answer.content_length
        if answer.status in BODILESS or (length is not None and length <= SMALL_BYTES):
            body = await answer.read()
            return web.Response(body=body, status=answer.status, headers=outwards(answer.headers, framed=False))
        return answer

    def _pauses(self, service: str) -> tuple[float, ...]:
        """The pauses before each attempt; nobody is made to wait for a service known to be down."""
        away_since = self._away_since.get(service)
        if away_since is not None and time.monotonic() - away_since > PATIENCE_SECONDS:
            return PAUSES[:1]
        return PAUSES


def _short_wait(headers: Mapping[str, str]) -> int:
    text = headers.get("Retry-After", "")
    return int(text) if text in ("1", "2") else 0
