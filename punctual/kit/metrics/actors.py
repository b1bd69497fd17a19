"""Counting what workers do, message by message."""

import threading
import time
from typing import Any

import dramatiq
from dramatiq.middleware import Middleware

from punctual.kit import metrics

UNKNOWN = "unknown"


class _Current(threading.local):
    """What this thread works on."""

    started = 0.0
    outcome = "done"


_current = _Current()


def outcome(state: str) -> None:
    """Say what became of the command that this thread works on."""
    _current.outcome = state


class Counting(Middleware):
    """Counts each message with its outcome and its time. Stands before the retries, so that it hears of them."""

    def before_process_message(self, broker: Any, message: Any) -> None:  # noqa: ARG002 - Dramatiq's
        """Begin."""
        _current.started = time.perf_counter()
        _current.outcome = "done"

    def after_process_message(
        self,
        broker: Any,
        message: Any,
        *,
        result: Any = None,  # noqa: ARG002
        exception: BaseException | None = None,
    ) -> None:
        """Count it, or each of those that were worked on as one; if those are to be tried apart, they come again."""
        seconds = time.perf_counter() - _current.started
        # Asked of the message itself: Dramatiq's stand-in for it is slow to say that there is no such thing.
        gathered = vars(message)
        if gathered.get("apart"):
            return
        for part in gathered.get("parts") or (message,):
            # Names that a damaged message made up are none of ours.
            name = part.actor_name
            known = name if name in broker.actors else UNKNOWN
            metrics.message(part.queue_name, known, _outcome(part, exception), seconds)


def _outcome(message: Any, exception: BaseException | None) -> str:
    if exception is None:
        return _current.outcome
    if message.failed and not getattr(message, "requeue", False):
        return "dead"
    return "retried" if isinstance(exception, dramatiq.Retry) else "failed"
