"""What a message that was given up says of itself, however damaged it is."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from dramatiq import Message

from punctual.kit import logs, messages, wire

_SECRETS = ("password", "token", "secret", "hash", "context")
_UNREADABLE = UUID("0f4c7f5e-0d0f-5c8a-9f3a-1f0f3a6c7b10")
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: `shown` is JSON without secrets, `actor` None where it can't be read, `body` what to replay."""

    id: UUID
    queue: str
    body: bytes
    shown: str
    error: str
    actor: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def as_text(self) -> "Letter":
        """The same as nothing but text."""
        return replace(self, actor=None, shown=_text(self.body), options={}, error=_printable(self.error))


def read(queue: str, body: bytes) -> Letter:
    """A body from a dead-letter queue."""
    try:
        message = messages.decode(queue, body, event=_is_event(body))
        shown = wire.dumps(redacted({name: value for name, value in message.asdict().items() if name != "options"}))
        letter_id, actor = UUID(message.message_id), message.actor_name
    except (ValueError, TypeError, RecursionError) as error:
        reason = str(error) if isinstance(error, messages.Damaged) else "The message can't be decoded."
        return Letter(uuid5(_UNREADABLE, body.hex()), queue, body, _text(body), reason)
    # For a replay, which goes straight to this queue, an event must be what a retry would have made of it.
    replayed = message.encode() if _is_event(body) else body
    shown_text = shown.decode().replace("\\u0000", "\\ufffd")
    return Letter(letter_id, queue, replayed, shown_text, _error(message), _printable(actor), message.options)


def redacted(value: Any) -> Any:
    """The same value with everything secret replaced: by its name, or by looking like a token."""
    if isinstance(value, dict):
        return {
            key: "[redacted]" if any(word in key.lower() for word in _SECRETS) else redacted(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [redacted(item) for item in value]
    return logs.without_secrets(value) if isinstance(value, str) else value


def _error(message: Message[Any]) -> str:
    # Errors repeat what they stumbled over.
    error = message.options.get("error") or message.options.get("traceback")
    return _printable(logs.without_secrets(str(error or "Rejected by the worker; its log says why.")))


def _is_event(body: bytes) -> bool:
    try:
        return "payload" in wire.loads(body)
    except (TypeError, ValueError):
        return False


def _text(body: bytes) -> str:
    return wire.dumps({"text": logs.without_secrets(_printable(body[:LONGEST_TEXT].decode(errors="replace")))}).decode()


def _printable(text: str) -> str:
    # PostgreSQL keeps every character but one.
    return text.replace("\0", "\ufffd")
