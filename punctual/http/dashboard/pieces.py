"""Pages of pieces: one that many answers have in common is encoded and compressed once.

A template shows a piece where it stands for it (`{{ columns }}`), and the page is cut there. Gzip's stream allows it:
blocks that end at a whole byte and look back at nothing before them can be put together in any order. A frame is a
piece with gaps, for what each answer has of its own.
"""

import re
import secrets
import zlib
from collections.abc import Callable, Iterable

# Most pieces are some kilobytes, for which zlib's own sizes cost more to set up than the packing takes.
LEVEL, WINDOW, MEMORY = 4, -13, 6
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_END = b"\x03\x00"
# Nobody outside can write it into a text.
_SECRET = secrets.token_hex(16)
_MARK = re.compile(f"{_SECRET}([0-9]+)#")
GAP = f"{_SECRET}0#"


class Piece:
    """Some HTML, as it is sent."""

    __slots__ = ("_compressed", "raw")

    def __init__(self, text: str) -> None:
        self.raw = text.encode()
        self._compressed = b""

    @property
    def compressed(self) -> bytes:
        """As a part of a stream."""
        if not self._compressed:
            packer = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW, MEMORY)
            self._compressed = packer.compress(self.raw) + packer.flush(zlib.Z_FULL_FLUSH)
        return self._compressed

    def __html__(self) -> str:
        """Where it goes in a template."""
        return f"{_SECRET}{id(self)}#"

    def parts(self, _fill: Callable[[], str]) -> list["Piece"]:
        """Itself: it has no gaps."""
        return [self]


class Frame:
    """Some HTML with gaps, and the pieces in it."""

    __slots__ = ("_parts",)

    def __init__(self, text: str, pieces: Iterable[Piece] = ()) -> None:
        known: dict[str, Piece | None] = {"0": None, **{str(id(piece)): piece for piece in pieces}}
        self._parts = [known[part] if index % 2 else Piece(part) for index, part in enumerate(_MARK.split(text))]

    def __html__(self) -> str:
        """Where it goes in a template."""
        return f"{_SECRET}{id(self)}#"

    def parts(self, fill: Callable[[], str]) -> list[Piece]:
        """Its pieces, the gaps among them filled."""
        return [part or Piece(fill()) for part in self._parts]


def cut(text: str, pieces: Iterable[Piece | Frame], fill: Callable[[], str] = str) -> list[Piece]:
    """A rendered page as what stands between the pieces in it, and these; `fill` says what goes into a gap."""
    known = {str(id(piece)): piece for piece in pieces}
    found: list[Piece] = []
    for index, part in enumerate(_MARK.split(text)):
        found += known[part].parts(fill) if index % 2 else [Piece(part)]
    return found


def plain(pieces: list[Piece]) -> bytes:
    """All of it."""
    return b"".join(piece.raw for piece in pieces)


def gzipped(pieces: list[Piece]) -> bytes:
    """The same, compressed."""
    whole, length = 0, 0
    for piece in pieces:
        whole, length = zlib.crc32(piece.raw, whole), length + len(piece.raw)
    end = (whole & 0xFFFFFFFF).to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join([_HEAD, *(piece.compressed for piece in pieces), _END, end])
