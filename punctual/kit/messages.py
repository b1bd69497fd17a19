"""Messages as they come off a queue: decoded, and sound in every part that anybody relies on.

What gets past this with a wrong type inside would end a worker's thread, or come back for ever.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dramatiq import Message
from dramatiq.errors import DecodeError

from punctual.kit import wire

_NUMBER = int | float
_FIELDS = {"actor_name": str, "kwargs": dict, "options": dict, "message_id": str, "message_timestamp": _NUMBER}
_OPTIONS = {
    "retries": int,
    "bugs": int,
    "request_id": str,
    "traceparent": str,
    "reply_to": str,
    "fingerprint": str,
    "if_match": int,
    "quiet": bool,
    "caller": dict,
    "eta": _NUMBER,
}
_NAMES: dict[Any, str] = {str: "a text", dict: "an object", int: "a number", bool: "true or false", _NUMBER: "a number"}


class Damaged(ValueError):
    """A message that can't be worked on; the text says what is wrong with it."""


class Discreet(Message[Any]):
    """A message that names itself in a log, but says nothing of what it carries: tokens, addresses, comments."""

    def __str__(self) -> str:
        return f"{self.actor_name} ({self.message_id})"


def decode(queue_name: str, body: bytes, *, event: bool) -> Message[Any]:
    """A command as its handler sent it, or an event as the exchange brought it. Raises Damaged."""
    try:
        message = _event(queue_name, body) if event else Discreet.decode(body)
    except (DecodeError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Damaged("The message can't be decoded.") from error
    _demand("", vars(message), _FIELDS)
    _demand("options.", message.options, _OPTIONS)
    if message.queue_name != queue_name:
        raise Damaged(f"The message says that it belongs to the queue {message.queue_name}.")
    caller = message.options.get("caller") or {}
    for name, value in (("operation_id", message.options.get("operation_id")), *caller.items()):
        if name in ("operation_id", "id", "session_id"):
            _demand_id(name, value)
    return message


def _event(queue_name: str, body: bytes) -> Message[Any]:
    event = wire.loads(body)
    service = queue_name.removesuffix(".events")
    return Discreet(
        queue_name=queue_name,
        actor_name=f"{service}.{event['name']}",
        args=(),
        kwargs={"event": event},
        options={"request_id": event.get("request_id"), "traceparent": event.get("traceparent")},
        message_id=event["id"],
    )


def _demand(where: str, values: Mapping[str, Any], types: Mapping[str, Any]) -> None:
    for name, wanted in types.items():
        value = values.get(name)
        absent = where and value is None
        # True is an int for Python, not for whoever counts.
        if not absent and (not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool)):
            raise Damaged(f"{where}{name} of the message must be {_NAMES[wanted]}.")


def _demand_id(name: str, value: Any) -> None:
    try:
        UUID(value or "00000000-0000-0000-0000-000000000000")
    except (AttributeError, TypeError, ValueError):
        raise Damaged(f"{name} of the message must be a UUID.") from None
