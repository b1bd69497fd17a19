"""A gateway on a real socket with stub services behind it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDictProxy
from yarl import URL

from punctual.gateway.application import application
from punctual.kit import ids, settings, wire
from punctual.kit.denylist import Denylist
from punctual.kit.errors import Unavailable
from punctual.kit.runtime import Runtime
from punctual.kit.settings import BEHIND_THE_GATEWAY
from punctual.kit.tokens import Verifier
from tests.gateway.stub import Stub
from tests.support.services import published_keys, token_for
from tests.support.serving import Served, served

Keys = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Reply:
    """What the gateway answered."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    def json(self) -> Any:
        """The parsed body."""
        return wire.loads(self.body)


class Gateway:
    """A running gateway and a client of it. `ada` is the Authorization header of somebody signed in."""

    def __init__(self, server: Served, client: aiohttp.ClientSession, denylist: Denylist) -> None:
        self.host, self.port = server.host, server.port
        self.client = client
        self.denylist = denylist
        self.session_id = ids.uuid7()
        self.ada = self.bearer(session_id=self.session_id)
        self.admin = self.bearer(role="admin")

    def bearer(self, **claims: Any) -> dict[str, str]:
        """The Authorization header of a new person."""
        return {"Authorization": f"Bearer {token_for(ids.uuid7(), **claims)}"}

    def request(self, method: str, target: str, **options: Any) -> Any:
        """An aiohttp client's request to exactly this target."""
        return self.client.request(method, URL(f"http://{self.host}:{self.port}{target}", encoded=True), **options)

    async def get(self, target: str, **headers: str) -> Reply:
        """GET as Ada. Header names use underscores."""
        return await self.send("GET", target, **headers)

    async def send(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Reply:
        """A request as Ada. Header names use underscores."""
        sent = {**self.ada, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with self.request(method, target, headers=sent, data=body) as response:
            return Reply(response.status, response.headers, await response.read())

    async def raw(self, request: bytes) -> bytes:
        """What comes back for these bytes, until the gateway closes the connection."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(request)
        received = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return received

    async def raw_get(self, target: str, *headers: str) -> bytes:
        """What comes back for a GET of exactly this target as Ada."""
        lines = [
            f"GET {target} HTTP/1.1",
            "Host: x",
            "Connection: close",
            f"Authorization: {self.ada['Authorization']}",
            *headers,
        ]
        return await self.raw("\r\n".join([*lines, "", ""]).encode())


@pytest.fixture
async def stubs(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[dict[str, Stub]]:
    """A stub for every service, known to the gateway through the environment."""
    async with contextlib.AsyncExitStack() as stack:
        running = {name: await stack.enter_async_context(Stub(name).running()) for name in BEHIND_THE_GATEWAY}
        for name, stub in running.items():
            monkeypatch.setenv(f"PUNCTUAL_URL_{name.upper()}", stub.url)
        yield running


@pytest.fixture
def stub(stubs: dict[str, Stub]) -> Stub:
    """The task service's stub."""
    return stubs["task"]


@pytest.fixture
def variables(stubs: dict[str, Stub], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set variables of the environment, PUNCTUAL_ left out, before the gateway starts."""

    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"PUNCTUAL_{name}", value)
        settings.current.cache_clear()

    put(RATE_LIMIT="off", PUBLIC_URL="http://punctual.test")
    yield put
    monkeypatch.undo()
    settings.current.cache_clear()


@contextlib.asynccontextmanager
async def opened(keys: Keys = published_keys) -> AsyncIterator[Gateway]:
    """A gateway by the present environment."""
    denylist = Denylist()
    verifier = Verifier(keys, denylist)
    with contextlib.suppress(Unavailable):
        await verifier.learn()
    runtime = Runtime(None, None, verifier, denylist, None)
    connector = aiohttp.TCPConnector(force_close=True)
    async with (
        served(application(runtime)) as server,
        aiohttp.ClientSession(connector=connector, auto_decompress=False) as client,
    ):
        yield Gateway(server, client, denylist)


@pytest.fixture
async def gateway(variables: Callable[..., None]) -> AsyncIterator[Gateway]:
    """A gateway without rate limits."""
    async with opened() as running:
        yield running
