"""JSON on every wire: ids, instants and dates as text, and back by annotation."""

import inspect
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson
from dramatiq import Encoder

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME
_PARSERS: dict[Any, Callable[[Any], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def dumps(value: Any) -> bytes:
    """JSON; UUID, date and aware datetime become text (RFC 3339 in UTC, milliseconds)."""
    return orjson.dumps(value, default=_text, option=_OPTIONS)


def instant(value: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, the one form of an instant on every wire."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def loads(text: bytes | str) -> Any:
    """The value of a JSON text. Raises ValueError."""
    return orjson.loads(text)


class WireEncoder(Encoder):
    """Dramatiq's messages as JSON that knows ids and instants."""

    def encode(self, data: dict[str, Any]) -> bytes:
        """One message as bytes."""
        return dumps(data)

    def decode(self, data: bytes) -> dict[str, Any]:
        """One message from bytes. Raises ValueError."""
        message = loads(data)
        if not isinstance(message, dict):
            raise ValueError("A message is a JSON object.")
        return message


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't go over the wire")


def restorer(function: Callable[..., Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What turns a message's JSON arguments back into the types that `function` is annotated with."""
    hints = typing.get_type_hints(function)
    parsers = {name: parser for name in inspect.signature(function).parameters if (parser := _parser(hints.get(name)))}

    def restore(arguments: dict[str, Any]) -> dict[str, Any]:
        return {
            name: parsers[name](value) if name in parsers and value is not None else value
            for name, value in arguments.items()
        }

    return restore


def _parser(hint: Any) -> Callable[[Any], Any] | None:
    if hint in _PARSERS:
        return _PARSERS[hint]
    if isinstance(hint, types.UnionType):
        return next((parser for option in typing.get_args(hint) if (parser := _parser(option))), None)
    if typing.get_origin(hint) is list and (parse := _parser(typing.get_args(hint)[0])):
        return lambda values: [parse(value) for value in values]
    return None
