"""A span for each message of a trace that a worker works on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dramatiq.middleware import Middleware
from opentelemetry.trace import Span, StatusCode

from punctual.kit.traces.recording import Recorder, enter, leave

_current = threading.local()


@contextmanager
def within(message_id: str) -> Iterator[None]:
    """Let what is sent inside be part of the span of this message, one of those that this thread works on."""
    span = _current.spans.get(message_id)
    token = enter(span) if span else None
    try:
        yield
    finally:
        if token is not None:
            leave(token)


class Tracing(Middleware):
    """Begins and ends the spans. Ticks of the scheduler belong to no trace: see provisional."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def before_process_message(self, broker: Any, message: Any) -> None:  # noqa: ARG002 - Dramatiq's
        """Begin; what is sent meanwhile is part of it, unless several messages are worked on as one."""
        parts = getattr(message, "parts", (message,))
        _current.spans = {part.message_id: span for part in parts if (span := self._begin(part))}
        _current.token = enter(*_current.spans.values()) if len(_current.spans) == 1 else None

    def after_process_message(
        self,
        broker: Any,  # noqa: ARG002 - Dramatiq's
        message: Any,  # noqa: ARG002
        *,
        result: Any = None,  # noqa: ARG002
        exception: BaseException | None = None,
    ) -> None:
        """End."""
        if _current.token is not None:
            leave(_current.token)
        for span in _current.spans.values():
            if exception is not None:
                span.record_exception(exception)
                span.set_status(StatusCode.ERROR)
            span.end()

    def _begin(self, message: Any) -> Span | None:
        parent = message.options.get("traceparent")
        if parent is None:
            return None
        attributes = {
            "messaging.system": "rabbitmq",
            "messaging.destination.name": message.queue_name,
            "messaging.message.id": message.message_id,
            "punctual.request_id": message.options.get("request_id") or "",
        }
        return self._recorder.begin(message.actor_name, parent, attributes)
