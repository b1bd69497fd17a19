"""Prepared statements, without a word from whoever writes the SQL.

Planning one of these queries costs more than running it.
psycopg2 has none of its own, so a statement is sent as `PREPARE … ; EXECUTE …` the first time and as `EXECUTE …`
from then on. Values whose Python type names an SQL type are declared with it, the rest is inferred.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

MOST = 300
_TYPES = {
    bool: "boolean",
    UUID: "uuid",
    datetime: "timestamptz",
    date: "date",
    timedelta: "interval",
    float: "float8",
    bytes: "bytea",
}
_PLACEHOLDER = re.compile(r"%([s%])")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its values already written out, so that it may be sent later than it was said."""

    sql: str
    types: tuple[str, ...]
    arguments: bytes


class Prepared:
    """What is prepared on one connection."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, tuple[str, ...]], bytes] = {}

    def __len__(self) -> int:
        """How many statements are prepared."""
        return len(self._names)

    def statement(self, cursor: Any, sql: str, values: Sequence[Any]) -> Statement | bytes:
        """A statement with %s placeholders, or its bytes where it can't be prepared; `cursor` is psycopg2's."""
        types = tuple(map(_type, values))
        if len(self._names) >= MOST and (sql, types) not in self._names:
            # Too many kinds to remember: this one goes as it is.
            return bytes(cursor.mogrify(sql, values))
        return Statement(sql, types, bytes(cursor.mogrify(_places(len(values)), values)) if values else b"")

    def text(self, statement: Statement | bytes) -> bytes:
        """The bytes to send now. Whoever gets PREPARE among them and can't send them must `forget`."""
        if isinstance(statement, bytes):
            return statement
        key = statement.sql, statement.types
        if name := self._names.get(key):
            return b"EXECUTE %b%b" % (name, statement.arguments)
        name = self._names[key] = b"p%d" % len(self._names)
        declared = f" ({', '.join(statement.types)})" if statement.types else ""
        prepare = f"PREPARE {name.decode()}{declared} AS {_numbered(statement.sql)};\n".encode()
        return b"%bEXECUTE %b%b" % (prepare, name, statement.arguments)

    def forget(self) -> None:
        """Nothing is prepared any more, or nobody knows: to be followed by DEALLOCATE ALL."""
        self._names.clear()


@lru_cache
def _places(count: int) -> str:
    return f" ({', '.join(['%s'] * count)})"


@lru_cache(maxsize=2 * MOST)
def _numbered(sql: str) -> str:
    number = 0

    def place(match: re.Match[str]) -> str:
        nonlocal number
        if match[1] == "%":
            return "%"
        number += 1
        return f"${number}"

    return _PLACEHOLDER.sub(place, sql)


def _type(value: Any) -> str:
    if isinstance(value, list):
        # psycopg2 writes a list of strings as text[], and only a declared text[] can be cast further.
        element = {**_TYPES, str: "text"}.get(type(value[0])) if value else None
        return f"{element}[]" if element else "unknown"
    return _TYPES.get(type(value), "unknown")
