"""JSON logs to standard error, each line carrying the request's id and what is being worked on."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

from punctual.kit import wire

_SECRET = re.compile(r"[\w-]{40,}")
CALM_SECONDS = 30.0
_context: ContextVar[dict[str, Any]] = ContextVar("log_context", default={})  # noqa: B039 - never mutated


class _Formatter(logging.Formatter):
    """One JSON object a line; `extra={"fields": …}` adds to it. Written for every request, so it must be cheap."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": wire.instant(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": self._process,
            **_context.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            fields["exc_info"] = self.formatException(record.exc_info)
        if record.stack_info:
            fields["stack_info"] = self.formatStack(record.stack_info)
        return orjson.dumps(fields, default=str).decode()


class _Calm(logging.Filter):
    """Each queue's consumer complains of a lost broker every few seconds; once in a while for all is enough."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[object, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("dramatiq.worker.ConsumerThread"):
            return True
        if record.created - self._said.get(record.msg, 0.0) < CALM_SECONDS:
            return False
        self._said[record.msg] = record.created
        return True


def configure(process: str, level: str) -> None:
    """Send every log record of this process to standard error as one JSON line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(process))
    handler.addFilter(_Calm())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Malformed HTTP is the client's fault and answered with 400; a traceback for each would only fill the disk.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    for noisy in ("aio_pika", "aiormq", "apscheduler", "yoyo"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.root.level))
    # Whatever pika has to say of a lost connection, Dramatiq says once more.
    logging.getLogger("pika").setLevel(logging.CRITICAL)


@contextmanager
def context(**fields: Any) -> Iterator[None]:
    """Add fields to every record logged inside."""
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def without_secrets(path: str) -> str:
    """A request's path without the tokens that some carry; nothing else in a path is as long."""
    return _SECRET.sub("[secret]", path)


def request_id() -> str | None:
    """The id of the request that is being worked on, wherever it entered."""
    return _context.get().get("request_id")
