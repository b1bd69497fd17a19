"""Which row a raw path belongs to: a walk down a tree of segments, where a literal goes before a parameter.

Paths are matched exactly as they came and forwarded exactly as they were matched. No address of Punctual
needs escapes, empty or dot segments, so whatever has them is refused: what one program reads as one path and
the next as another can't get through.
"""

import re
from collections.abc import Iterable, Mapping

from punctual.gateway.routes import FOR_PROGRAMS, Row
from punctual.kit.errors import BadRequest

_PLAIN = re.compile(r"/[A-Za-z0-9._~/-]*")
_DEVIOUS = frozenset({"", ".", ".."})


class _Node:
    __slots__ = ("literals", "parameter", "rows")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.rows: dict[str, Row] = {}


class Matcher:
    """The routing table, ready for look-ups in time that grows with the path's segments only."""

    def __init__(self, rows: Iterable[Row], pages: Iterable[Row] = ()) -> None:
        self._root = _Node()
        for row in (*rows, *pages):
            self._add(row)
        # The row of "/" holds for every page that has none of its own.
        self._any_page = self._find([""]) or None

    def find(self, path: str) -> Mapping[str, Row] | None:
        """The rows of this raw path by method; None when there is nothing. Raises BadRequest when devious."""
        segments = path[1:].split("/")
        if not _PLAIN.fullmatch(path) or not _DEVIOUS.isdisjoint(segments[:-1]) or segments[-1] in (".", ".."):
            raise BadRequest(
                "The path has an empty or dot segment, or a character other than letters, digits and . _ ~ -;"
                " no address here has."
            )
        rows = self._find(segments)
        if rows is None and segments[0].lower() not in FOR_PROGRAMS:
            return self._any_page
        return rows

    def _find(self, segments: list[str]) -> Mapping[str, Row] | None:
        node = self._root
        for segment in segments:
            child = node.literals.get(segment) or (node.parameter if segment else None)
            if child is None:
                return None
            node = child
        return node.rows or None

    def _add(self, row: Row) -> None:
        node = self._root
        for segment in row.path[1:].split("/"):
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(segment, _Node())
        methods = row.methods.split()
        if "GET" in methods and not row.stream:
            methods.append("HEAD")
        for method in methods:
            if method in node.rows:
                raise ValueError(f"{method} {row.path} stands twice in the routing table.")
            node.rows[method] = row
