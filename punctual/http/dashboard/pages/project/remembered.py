"""Boards as they were asked for last: while the service says the same, nothing is sent, parsed or rendered anew."""

from collections.abc import Callable, Hashable
from typing import Any

from punctual.http.dashboard.pieces import Piece

MOST = 200


class Board:
    """What the service said under a tag, and the columns as they were rendered by what else they depend on."""

    def __init__(self, tag: str, said: dict[str, Any]) -> None:
        self.tag = tag
        # Shared by all who look at it: not to be changed.
        self.said = said
        self._columns: dict[Hashable, Piece] = {}

    def columns(self, by: Hashable, render: Callable[[], str]) -> Piece:
        """Rendered once for each `by`, of which few are kept: one of them is the minute."""
        found = self._columns.get(by)
        if found is None:
            if len(self._columns) >= 10:
                self._columns.clear()
            found = self._columns[by] = Piece(render())
        return found


_boards: dict[Hashable, Board] = {}


def board(which: Hashable) -> Board | None:
    """The board of that address as it was last."""
    return _boards.get(which)


def remember(which: Hashable, new: Board) -> Board:
    """The same from now on."""
    if len(_boards) >= MOST:
        _boards.clear()
    _boards[which] = new
    return new
