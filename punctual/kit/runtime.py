"""What the web applications of one process share: the bus, the dispatcher, the tokens and the denylist."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp
from aio_pika.abc import AbstractIncomingMessage

from punctual.kit import settings, wire
from punctual.kit.bus import Bus
from punctual.kit.denylist import Denylist
from punctual.kit.dispatch import Dispatcher
from punctual.kit.errors import Unavailable
from punctual.kit.tokens import Verifier

log = logging.getLogger(__name__)
REVOKING = ("session.revoked", "user.deactivated")
RESEED_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Runtime:
    """One per process."""

    bus: Bus
    dispatcher: Dispatcher
    verifier: Verifier
    denylist: Denylist
    client: aiohttp.ClientSession


@contextlib.asynccontextmanager
async def runtime() -> AsyncIterator[Runtime]:
    """Open what the process shares; close it at the end. Starts although RabbitMQ or auth is still away."""
    bus, denylist = Bus(), Denylist()
    timeout = aiohttp.ClientTimeout(total=5, connect=2)
    async with aiohttp.ClientSession(settings.current().service_urls["auth"], timeout=timeout) as client:

        async def jwks() -> dict[str, Any]:
            async with client.get("/.well-known/jwks.json") as response:
                response.raise_for_status()
                keys: dict[str, Any] = await response.json()
                return keys

        feed = asyncio.create_task(_feed(bus, client, denylist))
        try:
            yield Runtime(bus, Dispatcher(bus), Verifier(jwks, denylist), denylist, client)
        finally:
            feed.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await feed
            await bus.close()


async def _feed(bus: Bus, client: aiohttp.ClientSession, denylist: Denylist) -> None:
    """Hear of revocations as they happen, and read them all now and then in case one was missed."""

    async def hear(message: AbstractIncomingMessage) -> None:
        payload = wire.loads(message.body)["payload"]
        denylist.revoke(UUID(payload.get("session_id") or payload["user_id"]))

    listening = False
    while True:
        try:
            if not listening:
                await bus.connect()
                await bus.listen(hear, REVOKING)
                listening = True
            async with client.get("/internal/revocations") as response:
                for entry in (await response.json())["items"]:
                    denylist.revoke(UUID(entry["id"]), entry["at"])
        except (Unavailable, aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError) as error:
            log.warning("Revocations can't be read right now: %s", error)
        except Exception:
            log.exception("Reading revocations failed")
        await asyncio.sleep(RESEED_SECONDS if listening else 1)
