"""Keyset pagination: `limit`, `cursor`, `next_cursor` and a Link header; never OFFSET.

A cursor names the sort it belongs to and the sort key of the last row given, and is checked when it comes back.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from punctual.kit import ids, wire
from punctual.kit.errors import Invalid
from punctual.kit.responses import json_response

DEFAULT_LIMIT = 50
FETCHED = (11, DEFAULT_LIMIT + 1, 101, 201)
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a list: SQL expressions that together are unique and never null, with their SQL types.

    Of a type that is an enumeration `members` names the values.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    descending: bool = False
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def order(self) -> str:
        """The ORDER BY list."""
        direction = " DESC" if self.descending else ""
        return ", ".join(expression + direction for expression, _ in self.columns)

    def key(self) -> str:
        """What to select so that the next cursor can be made: the sort key as the text of a JSON array."""
        return "json_build_array(" + ", ".join(expression for expression, _ in self.columns) + ")::text"


class InvalidCursor(Invalid):
    """The cursor isn't one that this list gave for this sort."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    sort: Sort
    limit: int
    after: tuple[Any, ...] | None

    def where(self) -> tuple[str, list[Any]]:
        """The condition (to be ANDed) that skips what was given already, and its parameters."""
        if self.after is None:
            return "TRUE", []
        expressions = ", ".join(expression for expression, _ in self.sort.columns)
        values = ", ".join(f"%s::{kind}" for _, kind in self.sort.columns)
        return f"({expressions}) {'<' if self.sort.descending else '>'} ({values})", list(self.after)

    @property
    def fetch(self) -> int:
        """How many rows to ask for, at least: one more than shown tells whether there is a next page.

        To be written into the statement: of a LIMIT that it doesn't see PostgreSQL expects a tenth of all rows, finds
        each plan for its real value better, and plans every time anew. So there are few sizes, each a statement.
        """
        return next((size for size in FETCHED if size > self.limit), self.limit + 1)


def page(query: Mapping[str, Any], sorts: Sequence[Sort]) -> Page:
    """The wanted page from a loaded query (`limit`, `cursor`, `sort`); the first sort is the default.

    Raises Invalid for an unknown sort, InvalidCursor for a cursor that isn't one of ours or belongs to another sort.
    """
    wanted = query.get("sort") or sorts[0].name
    sort = next((sort for sort in sorts if sort.name == wanted), None)
    if sort is None:
        names = ", ".join(sort.name for sort in sorts)
        raise Invalid(f"sort must be one of {names}.", field="sort")
    cursor = query.get("cursor")
    return Page(sort, query.get("limit", DEFAULT_LIMIT), _decode(cursor, sort) if cursor else None)


def listing(
    request: web.Request,
    wanted: Page,
    rows: Sequence[Mapping[str, Any]],
    *,
    body: str = "body",
    key: str = "key",
) -> web.Response:
    """The answer: items, `next_cursor` and, where there is a next page, its Link.

    Each row has the rendered JSON text of its item in `body` and its sort key in `key`.
    """
    shown = rows[: wanted.limit]
    cursor = _encode(wanted.sort, wire.loads(shown[-1][key])) if len(rows) > wanted.limit else None
    items = b",".join(row[body].encode() for row in shown)
    raw = b'{"items":[' + items + b'],"next_cursor":' + wire.dumps(cursor) + b"}"
    headers = {}
    if cursor:
        target = request.rel_url.update_query(cursor=cursor)
        headers["Link"] = f'<{target}>; rel="next"'
    return json_response(raw, headers=headers)


def _encode(sort: Sort, values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(wire.dumps([sort.name, *values])).rstrip(b"=").decode()


def _decode(cursor: str, sort: Sort) -> tuple[Any, ...]:
    try:
        name, *values = wire.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True))
        if name == sort.name:
            columns = zip(values, sort.columns, strict=True)
            return tuple(_value(value, kind, sort.members.get(kind, ())) for value, (_, kind) in columns)
    except (ValueError, TypeError):
        pass
    raise InvalidCursor("cursor isn't one that this list gave for this sort; start again without it.", field="cursor")


def _value(value: Any, kind: str, members: Sequence[str]) -> Any:
    """A sort key's value as what it is, not as text for PostgreSQL to make sense of. Raises ValueError."""
    if kind == "bigint":
        fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    elif kind == "uuid":
        return ids.parse(value)
    elif kind == "timestamptz":
        return value if value == "infinity" else _instant(value)
    elif kind == "text":
        fits = isinstance(value, str) and "\x00" not in value and len(value) <= LONGEST_TEXT
    else:
        fits = value in members
    if not fits:
        raise ValueError(f"not a {kind}")
    return value


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("no zone")
    return instant
