"""Following a resync: the owner carries it out, its events pass by, every listener applies them."""

import asyncio
import contextlib
import time
from collections import Counter
from typing import Any

from aio_pika.abc import AbstractIncomingMessage

from punctual.commands.connections import Refused, connect, rows, variable
from punctual.commands.resync.request import NO_RABBITMQ, Failed, Request
from punctual.kit import settings, wire
from punctual.kit.bus import Bus
from punctual.kit.errors import Unavailable
from punctual.kit.listeners import BINDINGS
from punctual.schemas.events import CATALOGUE

QUIET_SECONDS = 3.0
PAUSE_SECONDS = 0.2
CHUNK = 5_000


class Heard:
    """The events of one request, as they pass by."""

    def __init__(self, request_id: str) -> None:
        self.names: dict[str, str] = {}
        self._news = asyncio.Event()
        self._request_id = request_id

    async def note(self, message: AbstractIncomingMessage) -> None:
        """Keep an event that follows from the request."""
        event = wire.loads(message.body)
        if event.get("request_id") == self._request_id:
            self.names[event["id"]] = event["name"]
            self._news.set()

    async def silence(self, seconds: float) -> None:
        """Wait until nothing was heard for so long."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._news.clear()
                await asyncio.wait_for(self._news.wait(), seconds)


async def wait(request: Request, seconds: float, quiet: float = QUIET_SECONDS) -> None:
    """Send the request and tell what becomes of it. Raises Failed."""
    ends_at = time.monotonic() + seconds
    heard = await _republished(request, ends_at, quiet)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(Counter(heard.values()).items()))
    print(f"{request.service} republished its state: {counts or 'there is none yet'}.", flush=True)
    for queue, names in sorted(BINDINGS.items()):
        wanted = {event_id for event_id, name in heard.items() if name in names}
        if wanted:
            await _applied(queue.removesuffix(".events"), wanted, ends_at)


async def _republished(request: Request, ends_at: float, quiet: float) -> dict[str, str]:
    """The names of the events by their ids."""
    heard, bus = Heard(request.id), Bus()
    try:
        await bus.connect()
        await bus.listen(heard.note, [event.name for event in CATALOGUE.values() if event.owner == request.service])
        await asyncio.to_thread(request.send)
        await _carried_out(request, ends_at)
        # Nothing marks the last batch; but between two of them there is never so long a silence.
        await heard.silence(quiet)
    except Unavailable as error:
        raise Failed(NO_RABBITMQ) from error
    finally:
        await bus.close()
    return heard.names


async def _carried_out(request: Request, ends_at: float) -> None:
    while not await _ask(request.service, "SELECT 1 FROM operation WHERE id = %s", str(request.operation_id)):
        if time.monotonic() > ends_at:
            remedy = f"It stays in the queue {request.service}; start punctual work."
            raise Failed(f"No worker has taken the request up in time. {remedy}")
        await asyncio.sleep(PAUSE_SECONDS)


async def _applied(service: str, wanted: set[str], ends_at: float) -> None:
    count = len(wanted)
    while wanted:
        some = list(wanted)[:CHUNK]
        found = await _ask(service, "SELECT event_id::text FROM inbox WHERE event_id = ANY(%s::uuid[])", some)
        wanted.difference_update(row[0] for row in found)
        if not found and time.monotonic() > ends_at:
            left = f"{service} has applied {count - len(wanted)} of {count} events in time"
            raise Failed(f"{left}. Its worker goes on with them; where it doesn't, ask punctual doctor.")
        await asyncio.sleep(0 if found else PAUSE_SECONDS)
    print(f"{service} has applied all {count}.", flush=True)


async def _ask(service: str, sql: str, parameter: Any) -> list[Any]:
    def ask() -> list[Any]:
        url = settings.current().databases[service].reader
        with connect(url, variable(service, "reader")) as connection:
            return rows(connection, sql, (parameter,))

    try:
        return await asyncio.to_thread(ask)
    except Refused as refused:
        raise Failed(f"{refused.variable}: {refused.reason}; ask punctual doctor.") from None
