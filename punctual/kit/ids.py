"""Identifiers: UUIDv7 for new rows, UUIDv5 for what must come out the same when done again."""

import os
import re
import threading
import time
from uuid import UUID, uuid5

ANONYMOUS = UUID("5d1c5b0e-6a0f-5c3c-9d0e-7f6f8f1f2a11")
WRITTEN = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_lock = threading.Lock()
_last = 0
_random: list[int] = []


def uuid7() -> UUID:
    """A new time-ordered identifier (RFC 9562 version 7), strictly increasing within this process."""
    global _last  # noqa: PLW0603 - the monotonic counter is the process's
    with _lock:
        if not _random:
            # One call of the system's for many ids.
            pool = os.urandom(8 * 256)
            _random.extend(int.from_bytes(pool[at : at + 8], "big") >> 2 for at in range(0, len(pool), 8))
        random = _random.pop()
        # Milliseconds in the upper 48 bits, a sub-millisecond counter in the 12 bits of rand_a.
        nanoseconds = time.time_ns()
        ticks = (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 * 4096 // 1_000_000)
        _last = ticks = max(ticks, _last + 1)
    return UUID(int=(ticks >> 12 << 80) | (0x7 << 76) | ((ticks & 0xFFF) << 64) | (0b10 << 62) | random)


def parse(text: object) -> UUID:
    """The id that a text is: 36 characters, none of the other forms that Python takes. Raises ValueError."""
    if not isinstance(text, str) or not re.fullmatch(WRITTEN, text):
        raise ValueError("not an id")
    return UUID(text)


def operation_id(caller: UUID | None, key: str) -> UUID:
    """The operation that a caller's Idempotency-Key names."""
    return uuid5(caller or ANONYMOUS, key)
