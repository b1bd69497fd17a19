"""What a project of the demo is made of, before people, dates and chance come to it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """A task's words. `priority` where they suggest one."""

    title: str
    description: str = ""
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The same kind of work, once for each of `items`; `{x}` in title and description is the item."""

    title: str
    items: tuple[str, ...]
    description: str = ""
    priority: str | None = None

    def drafts(self) -> Iterator[Draft]:
        """One draft for each item."""
        for item in self.items:
            yield Draft(self.title.format(x=item), self.description.format(x=item), self.priority)


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A project's words, its people by first name, and how many tasks it gets.

    `talk` holds conversations: what one says, another answers, and so on; `{name}` is whoever is spoken to.
    """

    key: str
    name: str
    description: str
    roles: dict[str, str]
    count: int
    singles: tuple[Draft, ...]
    series: tuple[Series, ...]
    talk: tuple[tuple[str, ...], ...]

    def drafts(self) -> list[Draft]:
        """Everything there is to do."""
        return [*self.singles, *(draft for series in self.series for draft in series.drafts())]
