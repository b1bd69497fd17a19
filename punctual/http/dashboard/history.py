"""A task's history in plain sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from punctual.http.dashboard import moments
from punctual.http.dashboard.people import People
from punctual.http.dashboard.viewer import Viewer

MOST_CHARACTERS = 80
# What is shown by the comments themselves.
_TOLD_ELSEWHERE = ("task.commented", "task.mentioned")
_SAID = {
    "task.created": "created this task",
    "task.comment_edited": "edited a comment",
    "task.comment_deleted": "deleted a comment",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Who did what: `deed` goes on after the name."""

    by: str | None
    name: str
    deed: str
    at: str

    @property
    def sentence(self) -> str:
        return f"{self.name} {self.deed}"


def lines(entries: list[dict[str, Any]], people: People, viewer: Viewer, now: datetime) -> list[Line]:
    """The entries that say something of their own, in the order given."""
    return [
        Line(entry["caller_id"], people[entry["caller_id"]], deed, entry["occurred_at"])
        for entry in entries
        if (deed := _deed(entry, people, viewer, now))
    ]


def people_in(entries: list[dict[str, Any]]) -> set[str]:
    """Everybody whom the sentences name."""
    found = {entry["caller_id"] for entry in entries if entry["caller_id"]}
    for entry in entries:
        for ids in entry["changes"].get("assignees", ()):
            found.update(ids or ())
    return found


def _deed(entry: dict[str, Any], people: People, viewer: Viewer, now: datetime) -> str:
    changes, name = entry["changes"], entry["name"]
    if name in _TOLD_ELSEWHERE:
        return ""
    if name in _SAID:
        return _SAID[name]
    if name in ("task.assigned", "task.unassigned"):
        return _assignment(name, changes, people, entry["caller_id"])
    if name == "task.updated":
        return _list([_edit(field, *pair) for field, pair in changes.items()])
    if name == "task.due_changed":
        before, after = (_due(value, viewer, now) for value in changes["due"])
        return _changed("the deadline", before, after, verb="moved")
    return _status(name, changes)


def _status(name: str, changes: Mapping[str, Any]) -> str:
    before, after = changes.get("status", (None, None))
    if name == "task.completed":
        return f"completed it: {before} → {after}" if before else "completed it"
    if name == "task.reopened":
        return f"reopened it: {before} → {after}" if before else "reopened it"
    if name == "task.status_changed":
        return f"moved it from {before} to {after}"
    return name.removeprefix("task.").replace("_", " ")


def _assignment(name: str, changes: Mapping[str, Any], people: People, by: str | None) -> str:
    before, after = changes["assignees"]
    if name == "task.assigned":
        added = [one for one in after if one not in before]
        return "took it on" if added == [by] else f"assigned it to {people.named(added)}"
    removed = [one for one in before if one not in after]
    return "stepped back from it" if removed == [by] else f"took {people.named(removed)} off it"


def _edit(field: str, before: Any, after: Any) -> str:
    if field == "title":
        return f"renamed it from “{_short(before)}” to “{_short(after)}”"
    if field == "priority":
        return _changed("the priority", before if before != "none" else None, after if after != "none" else None)
    return f"changed the {field.replace('_', ' ')}"


def _changed(what: str, before: str | None, after: str | None, verb: str = "changed") -> str:
    if not after:
        return f"removed {what}" + (f" ({before})" if before else "")
    return f"{verb} {what} from {before} to {after}" if before else f"set {what} to {after}"


def _due(value: str | None, viewer: Viewer, now: datetime) -> str | None:
    return moments.due(value, viewer, now).exact if value else None


def _list(deeds: list[str]) -> str:
    return " and ".join([", ".join(deeds[:-1]), deeds[-1]] if len(deeds) > 1 else deeds)


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS].rstrip() + " …"
