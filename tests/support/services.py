"""The services as they run for real, but for auth: tokens come from a key of the tests' own."""

import asyncio
import contextlib
import importlib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

import aiohttp
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from punctual.kit import ids, settings
from punctual.kit.bus import Bus
from punctual.kit.denylist import Denylist
from punctual.kit.dispatch import Dispatcher
from punctual.kit.runtime import Runtime
from punctual.kit.tokens import ALGORITHM, AUDIENCE, Verifier
from punctual.kit.web import application
from punctual.schemas.events import EventType
from tests.support.serving import Served, served

T = TypeVar("T")
KEY = OKPKey.generate_key("Ed25519", {"kid": "tests", "use": "sig", "alg": "Ed25519"})


@contextlib.contextmanager
def worker(threads: int = 4) -> Iterator[None]:
    """All actors at work until the end."""
    from dramatiq import Worker

    from punctual.commands.work import import_actors
    from punctual.kit.broker import broker

    import_actors()
    running = Worker(broker, worker_threads=threads, worker_timeout=100)
    running.start()
    try:
        yield
    finally:
        running.stop(timeout=5_000)
        broker.close()


def token_for(user_id: UUID, *, role: str = "user", session_id: UUID | None = None, **claims: Any) -> str:
    """An access token as auth would issue it; `claims` override."""
    now = int(time.time())
    body = {
        "iss": settings.current().public_url,
        "aud": AUDIENCE,
        "sub": str(user_id),
        "sid": str(session_id or ids.uuid7()),
        "role": role,
        "iat": now,
        "exp": now + 600,
        **claims,
    }
    return jwt.encode({"alg": ALGORITHM, "kid": "tests"}, body, KEY, algorithms=[ALGORITHM])


async def published_keys() -> dict[str, Any]:
    """The tests' JWKS."""
    return dict(KeySet([KEY]).as_dict(private=False))


class Services:
    """Every service on a socket of its own, sharing one runtime; started when first asked for."""

    def __init__(self) -> None:
        self._stack = contextlib.AsyncExitStack()
        self._servers: dict[str, Served] = {}

    async def __aenter__(self) -> Self:
        self.bus, denylist = Bus(), Denylist()
        self.client = await self._stack.enter_async_context(aiohttp.ClientSession())
        self._stack.push_async_callback(self.bus.close)
        self.runtime = Runtime(
            self.bus, Dispatcher(self.bus), Verifier(published_keys, denylist), denylist, self.client
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        from punctual import queries

        # A handler that still runs would open the pool again, in a loop that ends with this test.
        await self._stack.aclose()
        for service in self._servers:
            await queries.close(service)

    async def url(self, service: str) -> str:
        """Where the service listens."""
        if service not in self._servers:
            routes = importlib.import_module(f"punctual.http.{service}").ROUTES
            server = served(application(service, routes, self.runtime))
            self._servers[service] = await self._stack.enter_async_context(server)
        return self._servers[service].url

    async def publish(self, event: EventType, payload: dict[str, Any], version: int = 1, **envelope: Any) -> UUID:
        """Publish an event as its owner would; returns its id."""
        from punctual.kit import wire
        from punctual.kit.transactions import EVENTS

        event_id = envelope.pop("id", None) or ids.uuid7()
        body = {
            "id": event_id, "name": event.name, "version": version, "occurred_at": "2026-11-22T10:00:00.000Z",
            "caller": None, "request_id": None, "quiet": False, "payload": payload, **envelope,
        }  # fmt: skip
        await self.bus.publish(event.name, wire.dumps(body), exchange=EVENTS)
        return event_id

    def person(self, user_id: UUID | None = None, *, role: str = "user") -> "Person":
        """Somebody with a token."""
        return Person(self, user_id or ids.uuid7(), role)


class Person:
    """A signed-in user of the API."""

    def __init__(self, services: Services, user_id: UUID, role: str) -> None:
        self._services = services
        self.id = user_id
        self.session_id = ids.uuid7()
        self.token = token_for(user_id, role=role, session_id=self.session_id)

    async def request(self, service: str, method: str, path: str, body: Any = None, **headers: str) -> "Answer":
        """One request straight to a service, with this person's token; bytes go as they are, said to be JSON.

        Header names use underscores.
        """
        url = await self._services.url(service) + path
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        data = {"data": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        async with self._services.client.request(method, url, headers=sent, **data) as response:
            text = await response.read()
            parsed = await response.json(content_type=None) if text else None
            return Answer(response.status, response.headers, parsed)


class Answer:
    """Status, headers and parsed body of a response."""

    def __init__(self, status: int, headers: Mapping[str, str], body: Any) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def __repr__(self) -> str:
        return f"{self.status} {self.body}"


async def eventually(check: Callable[[], Awaitable[T]], *, within: float = 20.0) -> T:
    """The first truthy result of `check`, asked again and again. Raises AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        result = await check()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"Still not so after {within} s: {result!r}")
        await asyncio.sleep(0.02)
