"""The words of a line, each with where it stands; quoted text is one word that means nothing but itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORDS = re.compile(r"""(?P<quoted>(?<!\S)["“„][^"“”„]*["”“](?=[\s.,;:!?)]|$))|\S+""")
_TAIL = ".,;:)"
# What no grammar knows: it keeps the words around quoted text from being read together.
_OPAQUE = "\ufffc"


@dataclass(frozen=True, slots=True)
class Word:
    """`start` and `end` count characters of the line."""

    text: str
    start: int
    end: int
    quoted: bool = False

    def after(self, sign: str) -> str | None:
        """What follows the sign that the word begins with, without what a sentence puts behind it."""
        rest = self.text.removeprefix(sign).rstrip(_TAIL)
        return rest if self.text.startswith(sign) and rest and not self.quoted else None


def words(line: str) -> list[Word]:
    """All words of a line, in order."""
    return [
        Word(match[0], match.start(), match.end(), quoted=match["quoted"] is not None)
        for match in _WORDS.finditer(line)
    ]


def search(pattern: re.Pattern[str], among: Sequence[Word]) -> tuple[re.Match[str], list[Word]] | None:
    """The first match in these words, as a line in lower case with single spaces; and the words that it takes."""
    texts = [_OPAQUE if word.quoted else word.text.lower() for word in among]
    match = pattern.search(" ".join(texts))
    if match is None:
        return None
    taken, position = [], 0
    for word, text in zip(among, texts, strict=True):
        if match.start() <= position < match.end():
            taken.append(word)
        position += len(text) + 1
    return match, taken


def runs(line: str, taken: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Where these words stand in the line, neighbours with nothing but spaces between them as one."""
    start = end = -1
    for word in taken:
        if start < 0:
            start = word.start
        elif line[end : word.start].strip():
            yield start, end
            start = word.start
        end = word.end
    if start >= 0:
        yield start, end
