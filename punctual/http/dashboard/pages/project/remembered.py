"""Boards as they were asked for last: while the service says the same, nothing is sent, parsed or rendered anew."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from punctual.http.dashboard.pieces import Frame, Piece

MOST = 200
T = TypeVar("T")


class Board:
    """What the service said under a tag, and what was rendered of it by what else that depends on."""

    def __init__(self, tag: str, said: dict[str, Any]) -> None:
        self.tag = tag
        # Shared by all who look at it: not to be changed.
        self.said = said
        self._columns: dict[Hashable, Piece] = {}
        self._contents: dict[Hashable, Frame] = {}

    def columns(self, by: Hashable, render: Callable[[], str]) -> Piece:
        """Rendered once for each `by`."""
        return _once(self._columns, by, lambda: Piece(render()))

    def content(self, by: Hashable, columns: Piece, render: Callable[[], str]) -> Frame:
        """What is around the columns, and they, rendered once for each `by`."""
        return _once(self._contents, (by, id(columns)), lambda: Frame(render(), [columns]))


def _once(kept: dict[Hashable, T], by: Hashable, make: Callable[[], T]) -> T:
    """Few are kept: the minute is one of the things that they depend on."""
    found = kept.get(by)
    if found is None:
        if len(kept) >= 10:
            kept.clear()
        found = kept[by] = make()
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
