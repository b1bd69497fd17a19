"""Prepared statements, without a word from whoever writes the SQL.

Planning one of these queries costs more than running it.
psycopg2 has none of its own, so a statement is sent as `PREPARE … ; EXECUTE …` the first time and as `EXECUTE …`
from then on. Values whose Python type names an SQL type are declared with it, the rest is inferred.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

MOST = 300
_TYPES = {bool: "boolean", UUID: "uuid", datetime: "timestamptz", date: "date", float: "float8", bytes: "bytea"}
_PLACEHOLDER = re.compile(r"%([s%])")


class Prepared:
    """What is prepared on one connection."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, tuple[str, ...]], str] = {}

    def statement(self, cursor: Any, sql: str, values: Sequence[Any]) -> bytes:
        """The bytes to send for a query with %s placeholders; `cursor` is psycopg2's."""
        types = tuple(map(_type, values))
        name = self._names.get((sql, types))
        places = ", ".join(["%s"] * len(values))
        if name:
            return bytes(cursor.mogrify(f"EXECUTE {name} ({places})" if values else f"EXECUTE {name}", values))
        if len(self._names) >= MOST:
            # Too many kinds to remember: this one goes as it is.
            return bytes(cursor.mogrify(sql, values))
        name = self._names[sql, types] = f"p{len(self._names)}"
        declared = f" ({', '.join(types)})" if types else ""
        execute = cursor.mogrify(f"EXECUTE {name} ({places})" if values else f"EXECUTE {name}", values)
        return f"PREPARE {name}{declared} AS {_numbered(sql)};\n".encode() + bytes(execute)

    def forget(self) -> None:
        """Nothing is prepared any more, or nobody knows: to be followed by DEALLOCATE ALL."""
        self._names.clear()


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
