"""The auth and user services as they run for real: auth's own tokens, its keys fetched, its revocations heard."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import aiohttp

from punctual.kit import ids, runtime, transactions
from punctual.kit.denylist import Denylist
from punctual.kit.outcomes import Outcome
from punctual.kit.runtime import Runtime
from punctual.kit.tokens import Verifier
from punctual.kit.transactions import Outgoing
from punctual.schemas import events
from tests.support.services import Answer, Services, eventually

PASSWORD = "correct horse battery"


class RealServices(Services):
    """Services whose tokens are auth's own."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        denylist = Denylist()
        self.runtime = Runtime(
            self.bus, self.runtime.dispatcher, Verifier(self.served_keys, denylist), denylist, self.client
        )
        url = await self.url("auth")
        client = await self._stack.enter_async_context(aiohttp.ClientSession(url))
        await self.bus.connect()
        feed = asyncio.create_task(runtime._feed(self.bus, client, denylist))
        self._stack.push_async_callback(ended, feed)
        await eventually(self._hears_revocations)
        return self

    async def _hears_revocations(self) -> bool:
        session_id = ids.uuid7()
        await self.publish(events.SESSION_REVOKED, {"session_id": session_id, "user_id": session_id})
        await asyncio.sleep(0.01)
        return self.runtime.denylist.revokes([session_id], 0)

    async def served_keys(self) -> dict[str, Any]:
        """The JWKS as auth serves it."""
        return dict((await self.call("GET", "/.well-known/jwks.json")).body)

    async def call(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> Answer:
        """A request to auth; a dictionary goes as JSON, bytes as they are, said to be JSON."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/json")
        data = {"data": body} if isinstance(body, bytes | aiohttp.FormData) else {"json": body} if body else {}
        async with self.client.request(method, await self.url("auth") + path, headers=sent, **data) as response:
            text = await response.read()
            return Answer(response.status, response.headers, await response.json(content_type=None) if text else None)

    async def grant(self, **form: str) -> Answer:
        """A request to the token endpoint."""
        return await self.call("POST", "/api/v1/auth/token", aiohttp.FormData(form))

    async def sign_in(self, email: str, password: str = PASSWORD) -> Answer:
        """Get tokens for a password."""
        return await self.grant(grant_type="password", username=email, password=password)

    async def refresh(self, refresh_token: str) -> Answer:
        """Get tokens for a refresh token."""
        return await self.grant(grant_type="refresh_token", refresh_token=refresh_token)

    async def register(self, **fields: str) -> Answer:
        """Register somebody."""
        body = {"email": an_email(), "password": PASSWORD, "display_name": "Ada", **fields}
        return await self.call("POST", "/api/v1/auth/register", body)

    async def account(self, **fields: str) -> "Account":
        """Somebody registered and signed in."""
        registered = await self.register(**fields)
        assert registered.status == 201, registered
        email = registered.body["email"]
        signed_in = await self.sign_in(email, fields.get("password", PASSWORD))
        assert signed_in.status == 200, signed_in
        return Account(self, UUID(registered.body["id"]), email, signed_in.body)


@dataclass(slots=True)
class Account:
    """Somebody signed in."""

    services: RealServices
    id: UUID
    email: str
    tokens: dict[str, Any]

    @property
    def token(self) -> str:
        return str(self.tokens["access_token"])

    async def request(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A request to auth."""
        return await self.services.call(method, path, body, self.token, **headers)

    async def again(self) -> "Account":
        """The same person in another session."""
        return Account(self.services, self.id, self.email, (await self.services.sign_in(self.email)).body)


def an_email() -> str:
    """An address that nobody has."""
    return f"ada.{ids.uuid7().hex}@example.org"


def decide(actor: Any, *, now: Any = None, caller: Any = None, **arguments: Any) -> tuple[Outcome, list[Outgoing]]:
    """What a command decides in auth_db at some instant, and what it would send."""
    with transactions.begin("auth", caller, now) as transaction:
        outcome = actor.fn.__wrapped__(transaction, **arguments)
        sent, transaction.outgoing = transaction.outgoing, []
    return outcome, sent


def rows(sql: str, parameters: Any = (), service: str = "auth") -> list[dict[str, Any]]:
    """Read a service's database."""
    with transactions.begin(service) as transaction:
        return transaction.all(sql, parameters)


def execute(sql: str, parameters: Any = (), service: str = "auth") -> None:
    """Change a service's database."""
    with transactions.begin(service) as transaction:
        transaction.later(sql, parameters)


async def ended(task: "asyncio.Task[Any]") -> None:
    """Cancel a task and wait for its end."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
