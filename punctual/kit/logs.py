"""JSON logs to standard error, each line carrying the request's id and what is being worked on."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from punctual.kit import wire

_SECRET = re.compile(r"[\w-]{40,}")
CALM_SECONDS = 30.0
_context: ContextVar[dict[str, Any]] = ContextVar("log_context", default={})  # noqa: B039 - never mutated


class _Context(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in _context.get().items():
            setattr(record, name, value)
        return True


class _Formatter(JsonFormatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's
        return wire.instant(datetime.fromtimestamp(record.created, UTC))


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
    handler.setFormatter(
        _Formatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            static_fields={"process": process},
        )
    )
    handler.addFilter(_Context())
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
