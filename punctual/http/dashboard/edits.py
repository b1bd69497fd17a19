"""What a form changes of a task, and where that meets what somebody else changed in between.

A form carries for each of its fields a mark of what it showed. So what wasn't touched isn't sent, and a change by
somebody else is in the way only where both touched the same field.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from punctual.http.dashboard import deadlines
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem

NAMES = {
    "title": "Title",
    "description": "Description",
    "status_id": "Status",
    "priority": "Priority",
    "due": "Deadline",
}


def texts(task: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """A task's fields as forms show them."""
    day, clock = deadlines.parts(task["due"], zone)
    return {
        "title": task["title"],
        "description": task["description"],
        "status_id": task["status"]["id"],
        "priority": task["priority"],
        "due": f"{day} {clock}".strip(),
        "due_day": day,
        "due_time": clock,
    }


def typed(form: Form) -> dict[str, str]:
    """The fields that this form has, as they were filled in."""
    found = {name: form[name] for name in ("title", "description", "status_id", "priority") if name in form}
    if "due_day" in form:
        found["due"] = f"{form['due_day'].strip()} {form['due_time'].strip()}".strip()
    return found


def mark(text: str) -> str:
    """Short, the same for what a browser makes of the same text."""
    return hashlib.sha256(text.replace("\r\n", "\n").replace("\r", "\n").encode()).hexdigest()[:16]


def marks(task: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """The marks of a task's fields."""
    return {name: mark(text) for name, text in texts(task, zone).items() if name in NAMES}


def changes(form: Form, zone: ZoneInfo) -> dict[str, str | None]:
    """What the form changes, as the API takes it, but for what shall stay as it is now. Raises Problem."""
    found: dict[str, str | None] = {}
    for name, text in typed(form).items():
        if mark(text) == form[f"was_{name}"] or form[f"take_{name}"] == "theirs":
            continue
        found[name] = deadlines.joined(form["due_day"], form["due_time"], zone) if name == "due" else text
    return found


def clashes(form: Form, changed: Iterable[str], current: Mapping[str, Any], zone: ZoneInfo) -> list[str]:
    """Of the fields that the form changes, those that somebody else has changed since it was shown, too."""
    present, mine = marks(current, zone), typed(form)
    return [name for name in changed if present[name] not in (form[f"was_{name}"], mark(mine[name]))]


def version(form: Form) -> int:
    """The version that the form was made from. Raises Problem."""
    if not form["version"].isdecimal():
        raise Problem(400, "This form is incomplete. Go back, reload the page, and send it again.", code="bad_form")
    return int(form["version"])
