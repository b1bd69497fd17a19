"""Boards as they were asked for last: while the service says the same, nothing is parsed or rendered anew."""

from collections.abc import Callable, Hashable
from typing import Any

from markupsafe import Markup

from punctual.kit import wire

MOST = 200


class Board:
    """What the service said, and the columns as they were rendered by what else they depend on."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        # Shared by all who look at it: not to be changed.
        self.said: dict[str, Any] = wire.loads(raw)
        self._columns: dict[Hashable, Markup] = {}

    def columns(self, by: Hashable, render: Callable[[], Markup]) -> Markup:
        """Rendered once for each `by`, of which few are kept: one of them is the minute."""
        found = self._columns.get(by)
        if found is None:
            if len(self._columns) >= 10:
                self._columns.clear()
            found = self._columns[by] = render()
        return found


_boards: dict[Hashable, Board] = {}


def board(which: Hashable, raw: bytes) -> Board:
    """The board of that address as it is said to be now."""
    known = _boards.get(which)
    if known is None or known.raw != raw:
        if len(_boards) >= MOST:
            _boards.clear()
        known = _boards[which] = Board(raw)
    return known
