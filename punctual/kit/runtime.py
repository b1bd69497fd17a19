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
REVOKING = ("session.revoked", "user.deactivated", "user.role_changed")
RESEED_SECONDS = 30
RETRY_SECONDS = 1


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
            # Whose tokens are refused is known before anybody's are let in.
            if not denylist.seeded:
                await _seed(client, denylist)
            return await _ask_auth(client, "/.well-known/jwks.json")

        verifier = Verifier(jwks, denylist)
        tasks = [asyncio.create_task(_feed(bus, client, denylist)), asyncio.create_task(_learn(verifier))]
        try:
            yield Runtime(bus, Dispatcher(bus), verifier, denylist, client)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await bus.close()


async def _learn(verifier: Verifier) -> None:
    """Know the keys of tokens before the first request, however long auth is away."""
    while True:
        with contextlib.suppress(Unavailable):
            await verifier.learn()
            return verifier.demand()
        await asyncio.sleep(RETRY_SECONDS)


async def _feed(bus: Bus, client: aiohttp.ClientSession, denylist: Denylist) -> None:
    """Hear of revocations as they happen, and read them all now and then in case one was missed."""

    async def hear(message: AbstractIncomingMessage) -> None:
        apply_revocation(denylist, wire.loads(message.body))

    listening, reconnected = False, asyncio.Event()
    while True:
        pause = RETRY_SECONDS
        reconnected.clear()
        try:
            # Read also without a broker, as nothing is heard then.
            if not listening:
                with contextlib.suppress(Unavailable):
                    await bus.connect()
                    await bus.listen(hear, REVOKING)
                    bus.on_reconnect(reconnected.set)
                    listening = True
            await _seed(client, denylist)
            pause = RESEED_SECONDS if listening else RETRY_SECONDS
        except (aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError) as error:
            log.warning("Revocations can't be read right now: %s", error)
        except Exception:
            log.exception("Reading revocations failed")
        # What was told while the connection was away is lost, so it is read at once.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reconnected.wait(), pause)


async def _seed(client: aiohttp.ClientSession, denylist: Denylist) -> None:
    for entry in (await _ask_auth(client, "/internal/revocations"))["items"]:
        denylist.revoke(UUID(entry["id"]), entry["at"])
    denylist.seeded = True


async def _ask_auth(client: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    """What auth answers, or another process of it while the first one is away."""
    try:
        return await _ask(client, path)
    except (aiohttp.ClientError, TimeoutError, OSError):
        for url in settings.current().replicas["auth"][1:]:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
                return await _ask(client, url + path)
        raise


async def _ask(client: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with client.get(url) as response:
        response.raise_for_status()
        answer: dict[str, Any] = await response.json()
        return answer


def apply_revocation(denylist: Denylist, event: dict[str, Any]) -> None:
    """Refuse the tokens that an event makes void: of a session, of a person, of an administrator who is none now."""
    payload = event["payload"]
    if event["name"] == "session.revoked":
        denylist.end(UUID(payload["session_id"]))
    elif event["name"] == "user.deactivated" or payload["role"] != "admin":
        denylist.revoke(UUID(payload["user_id"]))
