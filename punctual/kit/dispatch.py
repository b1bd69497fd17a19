"""The handler's side of a command: publish with confirm, wait for the outcome, or say where to ask for it."""

import asyncio
import hashlib
import logging
import re
from typing import Any
from uuid import UUID

from aio_pika.abc import AbstractIncomingMessage
from aiohttp import web
from dramatiq import Message

from punctual.kit import ids, logs, traces, wire
from punctual.kit.bus import Bus
from punctual.kit.errors import BadRequest
from punctual.kit.outcomes import Caller, Outcome
from punctual.kit.responses import json_response, problem_response

log = logging.getLogger(__name__)
WAIT_SECONDS = 5.0
MAX_WAIT_SECONDS = 30.0
CALLER = web.RequestKey("caller", Caller)
BODY = web.RequestKey("body", bytes)
OPERATION = web.RequestKey("operation", UUID)


class Dispatcher:
    """Sends this process's commands and matches the outcomes that come back to its exclusive reply queue."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._reply_to: str | None = None
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}
        self._lock = asyncio.Lock()

    async def perform(
        self, message: Message[Any], operation: UUID, options: dict[str, Any], wait: float
    ) -> Outcome | None:
        """Publish a command, confirmed, and wait for its outcome; None when it isn't known in time.

        Raises Unavailable when RabbitMQ didn't confirm.
        """
        message = message.copy(options={**options, "operation_id": operation, "reply_to": await self._replies()})
        # By message, not by operation: another request with the same Idempotency-Key may get another outcome.
        future = self._waiting[message.message_id] = asyncio.get_running_loop().create_future()
        try:
            await self._bus.publish(message.queue_name, message.encode(), message_id=message.message_id)
            return await asyncio.wait_for(future, wait) if wait > 0 else None
        except TimeoutError:
            return None
        finally:
            del self._waiting[message.message_id]

    async def _replies(self) -> str:
        if self._reply_to is None:
            async with self._lock:
                if self._reply_to is None:
                    await self._bus.connect()
                    self._reply_to = await self._bus.listen(self._settle)
        return self._reply_to

    async def _settle(self, message: AbstractIncomingMessage) -> None:
        outcome = Outcome.restore(wire.loads(message.body))
        future = self._waiting.get(message.correlation_id or "")
        if future and not future.done():
            future.set_result(outcome)


DISPATCHER = web.AppKey("dispatcher", Dispatcher)


async def dispatch(request: web.Request, message: Message[Any]) -> web.Response:
    """Hand a command over for the caller of this request, and answer with its outcome, or 202."""
    outcome = await outcome_of(request, message)
    if outcome is None:
        return accepted(request, message)
    return respond(outcome)


async def outcome_of(request: web.Request, message: Message[Any]) -> Outcome | None:
    """Hand a command over and wait for its outcome; None when it isn't known within Prefer's wait."""
    caller = request.get(CALLER) or Caller()
    wait = preferred_wait(request.headers.get("Prefer", ""))
    options = {
        "caller": {"id": caller.id, "role": caller.role, "session_id": caller.session_id},
        "request_id": logs.request_id(),
        "fingerprint": _fingerprint(request),
        "if_match": if_match(request),
        **traces.carried(),
    }
    return await request.app[DISPATCHER].perform(message, operation_of(request), options, wait)


def operation_of(request: web.Request) -> UUID:
    """The operation that this request is, the same for each of its repeats."""
    if OPERATION not in request:
        request[OPERATION] = _operation(request)
    return request[OPERATION]


def check_headers(request: web.Request) -> None:
    """Raises BadRequest for headers of a command that can't be understood."""
    _key(request)
    if_match(request)


def _key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and (not 1 <= len(key) <= 255 or not key.isprintable()):
        raise BadRequest("Idempotency-Key must be 1 to 255 printable characters.", field="Idempotency-Key")
    return key


def _operation(request: web.Request) -> UUID:
    key = _key(request) or str(ids.uuid7())
    caller = request.get(CALLER) or Caller()
    # Strangers share no name space: without a caller the request itself tells them apart.
    scope = "" if caller.id else _fingerprint(request)
    return ids.operation_id(caller.id, key + scope)


def accepted(request: web.Request, message: Message[Any]) -> web.Response:
    """202: taken, its outcome not known yet; Location says where to ask."""
    operation = operation_of(request)
    service = message.actor_name.partition(".")[0]
    location = f"/api/v1/operations/{service}/{operation}"
    return json_response({"id": operation, "state": "pending"}, status=202, headers={"Location": location})


def respond(outcome: Outcome) -> web.Response:
    """An outcome as the HTTP answer it stands for."""
    if outcome.state != "done":
        return problem_response(outcome.body)
    headers = {}
    if outcome.location:
        headers["Location"] = outcome.location
    if outcome.version is not None:
        headers["ETag"] = f'"{outcome.version}"'
    if outcome.status == 204:
        return web.Response(status=204, headers=headers)
    return json_response(outcome.body, status=outcome.status, headers=headers)


def preferred_wait(prefer: str) -> float:
    """Seconds to wait for the outcome, as the Prefer header (RFC 7240) asks."""
    if re.search(r"\brespond-async\b", prefer):
        return 0.0
    match = re.search(r"\bwait=([0-9]{1,6})\b", prefer)
    return min(float(match[1]), MAX_WAIT_SECONDS) if match else WAIT_SECONDS


def if_match(request: web.Request) -> int | None:
    """The version that If-Match names; None without the header or for `*`. Raises BadRequest.

    0, which is no version, for a weak tag: the comparison is a strong one (RFC 9110, section 13.1.1).
    """
    value = request.headers.get("If-Match", "*").strip()
    if value == "*":
        return None
    match = re.fullmatch(r'(W/)?"([0-9]{1,18})"', value)
    if match is None:
        raise BadRequest('If-Match must be the ETag of the representation, such as "3".', field="If-Match")
    return 0 if match[1] else int(match[2])


def _fingerprint(request: web.Request) -> str:
    body = request.get(BODY, b"")
    return hashlib.sha256(b"\n".join([request.method.encode(), request.path_qs.encode(), body])).hexdigest()
