"""Reading a line: which of its parts say deadline, priority, person and project; the rest is the title."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from punctual.domain.task.due import Due
from punctual.domain.task.mentions import Member, mentioned
from punctual.domain.task.quick_add.moments import PHRASE, Moment, moment
from punctual.domain.task.quick_add.words import Word, runs, search, words
from punctual.kit.errors import Invalid

LONGEST_TITLE = 255
PRIORITIES = ("none", "low", "medium", "high", "urgent")
_AS_TITLE = "put it in quotes if it belongs to the title"
Kind = Literal["title", "project", "priority", "assignee", "due"]


@dataclass(frozen=True, slots=True)
class Place:
    """A project that a line can name, by a former key, too."""

    id: UUID
    key: str
    name: str
    former_keys: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the line and what it was understood as; `value` is what the task gets of it."""

    kind: Kind
    start: int
    end: int
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What was not understood, and the way out; without a place in the line where something is missing in it."""

    kind: Kind
    detail: str
    start: int | None = None
    end: int | None = None
    text: str | None = None


@dataclass(slots=True)
class Draft:
    """A task as a line says it; nothing is stored of it."""

    text: str
    title: str = ""
    project: Place | None = None
    priority: str = "none"
    due: Due | None = None
    assignees: list[UUID] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def named_keys(line: str) -> list[str]:
    """What a line names as #KEY, in order; not all of it needs to be a project's."""
    return [key.upper() for word in words(line) if (key := word.after("#"))]


def project_of(line: str, places: Sequence[Place]) -> Place | None:
    """The first of these projects that a line names."""
    by_key = {key: place for place in places for key in place.former_keys}
    by_key |= {place.key: place for place in places}
    return next((by_key[key] for key in named_keys(line) if key in by_key), None)


def read(
    line: str, now: datetime, *, places: Sequence[Place], project: Place | None, members: Sequence[Member], me: UUID
) -> Draft:
    """What a line says; what isn't understood stays in the title and is told among the problems.

    `now` has the zone of the writer; `members` are those of the project, which is the line's or else `project`.
    """
    named = project_of(line, places)
    reading = _Reading(Draft(line, project=named or project), words(line))
    reading.signs("#", "project", lambda key: _project(key, named))
    reading.signs("!", "priority", _priority)
    reading.signs("@", "assignee", lambda handle: _assignee(handle, members, me))
    reading.moments(now)
    return reading.finished()


class _Reading:
    """The words that are still free, and what the others have come to."""

    def __init__(self, draft: Draft, free: list[Word]) -> None:
        self._draft = draft
        self._free = free

    def signs(self, sign: str, kind: Kind, understand: Callable[[str], str | None]) -> None:
        """Understand the words that begin with a sign; of a kind of which a task has one, the first counts."""
        for word in [word for word in self._free if word.after(sign)]:
            try:
                value = understand(word.after(sign) or "")
                if value is not None:
                    self._take(kind, [word], value)
            except Invalid as error:
                self._doubt(kind, [word], error.detail)

    def moments(self, now: datetime) -> None:
        """Understand days and times: one deadline, also where its day and its time stand apart."""
        whole: Moment | None = None
        taken: list[Word] = []
        while found := search(PHRASE, self._free):
            match, phrase = found
            try:
                joined = _joined(whole, moment(match, now))
                self._draft.due = _due(joined, now)
            except Invalid as error:
                self._doubt("due", phrase, error.detail)
            except (ValueError, OverflowError):
                self._doubt("due", phrase, f"The calendar has no {match[0]}: name a day or time that exists.")
            else:
                whole, taken = joined, sorted([*taken, *phrase], key=lambda word: word.start)
                self._free = [word for word in self._free if word not in phrase]
        if self._draft.due:
            self._take("due", taken, str(self._draft.due))

    def finished(self) -> Draft:
        """The draft with its title: what is left of the line."""
        draft = self._draft
        draft.parts.sort(key=lambda part: part.start)
        draft.title = " ".join(_outside(draft))
        if draft.project is None and not any(problem.kind == "project" for problem in draft.problems):
            self._miss("project", "Say which project it belongs to, such as #OPS.")
        if not draft.title:
            self._miss("title", "Say what there is to do.")
        elif len(draft.title) > LONGEST_TITLE:
            self._miss("title", f"The title has {len(draft.title)} characters; a title has at most {LONGEST_TITLE}.")
        return draft

    def _take(self, kind: Kind, taken: Sequence[Word], value: str) -> None:
        draft = self._draft
        if kind == "assignee" and UUID(value) not in draft.assignees:
            draft.assignees.append(UUID(value))
        if kind == "priority":
            if any(part.kind == "priority" for part in draft.parts):
                raise Invalid(f"A second priority; the first one counts, {_AS_TITLE}.")
            draft.priority = value
        line = draft.text
        draft.parts += [Part(kind, start, end, line[start:end], value) for start, end in runs(line, taken)]
        self._free = [word for word in self._free if word not in taken]

    def _doubt(self, kind: Kind, doubted: Sequence[Word], detail: str) -> None:
        start, end = doubted[0].start, doubted[-1].end
        self._draft.problems.append(Problem(kind, detail, start, end, self._draft.text[start:end]))
        self._free = [word for word in self._free if word not in doubted]

    def _miss(self, kind: Kind, detail: str) -> None:
        self._draft.problems.append(Problem(kind, detail))


def _project(key: str, named: Place | None) -> str | None:
    if not key[0].isalpha():
        # Such as "#2": a number of something, no project's key.
        return None
    if named is None:
        raise Invalid(f"You are in no project with the key {key.upper()}; {_AS_TITLE}.")
    if key.upper() not in (named.key, *named.former_keys):
        raise Invalid(f"A second project; {named.key} counts, {_AS_TITLE}.")
    return named.key


def _priority(name: str) -> str | None:
    if not name[0].isalpha():
        return None
    if name.lower() not in PRIORITIES:
        raise Invalid(f"There is no priority {name}, only {', '.join(PRIORITIES)}; {_AS_TITLE}.")
    return name.lower()


def _assignee(handle: str, members: Sequence[Member], me: UUID) -> str:
    if handle.lower() == "me":
        return str(me)
    meant = mentioned(f"@{handle}", members)
    if len(meant) != 1:
        raise Invalid(f"@{handle} is not exactly one member of the project; {_AS_TITLE}.")
    return str(meant[0])


def _joined(whole: Moment | None, new: Moment) -> Moment:
    joined = whole.joined(new) if whole else new
    if joined is None:
        raise Invalid(f"A second deadline; the first one counts, {_AS_TITLE}.")
    return joined


def _due(joined: Moment, now: datetime) -> Due:
    when = joined.when(now)
    due = Due.at(when) if isinstance(when, datetime) else Due.on(when)
    return Due.parse(str(due))


def _outside(draft: Draft) -> Iterator[str]:
    position = 0
    for part in draft.parts:
        yield from draft.text[position : part.start].split()
        position = part.end
    yield from draft.text[position:].split()
