"""JSON logs to standard error, each line carrying the request's id and what is being worked on."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

_SECRET = re.compile(r"[\w-]{40,}")
_context: ContextVar[dict[str, Any]] = ContextVar("log_context", default={})  # noqa: B039 - never mutated


class _Context(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in _context.get().items():
            setattr(record, name, value)
        return True


def configure(process: str, level: str) -> None:
    """Send every log record of this process to standard error as one JSON line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            static_fields={"process": process},
        )
    )
    handler.addFilter(_Context())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Malformed HTTP is the client's fault and answered with 400; a traceback for each would only fill the disk.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    for noisy in ("pika", "aio_pika", "aiormq", "apscheduler", "yoyo"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.root.level))


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
