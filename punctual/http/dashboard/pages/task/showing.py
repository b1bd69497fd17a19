"""The page of a task: all that is known of it, and the forms that were sent back for a mending."""

import re
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from punctual.http.dashboard import durations, edits, history
from punctual.http.dashboard.client import MOST_ITEMS, api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.moving import demand_present
from punctual.http.dashboard.people import People, optional
from punctual.http.dashboard.rendering import redirect, render
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import Viewer, viewer

TEMPLATE = "task/show.html"
RECENT = 60
MOST_DELIVERIES = 400
WRITERS = ("owner", "admin", "member")
PRIORITIES = ("none", "low", "medium", "high", "urgent")
_KEY = re.compile(r"([A-Z][A-Z0-9]{1,9})-[1-9][0-9]{0,8}")


async def show(request: web.Request) -> web.Response:
    """A task; by its id, the way to where it is."""
    reference = request.match_info["task"]
    if not _KEY.fullmatch(reference.upper()):
        task = await api(request).get("task", f"/tasks/{reference}")
        return redirect(request, f"/tasks/{task['key']}")
    if reference != reference.upper():
        return redirect(request, f"/tasks/{reference.upper()}")
    return await page(request)


async def page(request: web.Request, *, again: str = "", form: Form | None = None, **shown: Any) -> web.Response:
    """The page, with the form of the name `again` as it was sent."""
    key, known = request.match_info["task"], await viewer(request)
    found = await _gathered(request, key)
    demand_present(request, "task", found["task"]["key"])
    task, people, role = found["task"], found["people"], found["role"]
    context = {
        **found,
        **_forms(task, known, again, form),
        "lines": _activity(found, known),
        "lately": _lately(found, known),
        "words": durations.words,
        "choices": durations.choices(found["reminders"]["rules"]) if found["reminders"] else [],
        "coming": [row for row in _reminders(found) if row["state"] == "scheduled"],
        "past": [row for row in _reminders(found) if row["state"] != "scheduled"],
        "mine": known.id in task["assignees"],
        "watching": known.id in found["watchers"],
        "watchers_named": people.named(found["watchers"]) if len(found["watchers"]) <= RECENT else "",
        "may_write": role in (*WRITERS, None),
        "may_comment": role in (*WRITERS, "commenter", None),
        "may_delete": role in ("owner", "admin", None) or (role in WRITERS and task["created_by"] == known.id),
        "administers": role in ("owner", "admin"),
        "done": task["status"]["category"] in ("done", "cancelled"),
        "priorities": PRIORITIES,
        "preview": None,
        **shown,
    }
    return await render(request, TEMPLATE, form.status if form else 200, **context)


async def _gathered(request: web.Request, key: str) -> dict[str, Any]:
    call, project_key = api(request), key.rpartition("-")[0]
    everything = request.query.get("history") == "all"
    most = MOST_ITEMS if everything else RECENT
    told = call.all("task", f"/tasks/{key}/history", most, limit=min(most, 200), sort="-occurred_at")
    task, statuses, comments, entries, watchers, reminders, project, members = await gather(
        call.get("task", f"/tasks/{key}"),
        call.get("task", f"/projects/{project_key}/statuses"),
        call.all("task", f"/tasks/{key}/comments"),
        optional(told, []),
        optional(call.get("task", f"/tasks/{key}/watchers"), {"items": []}),
        optional(call.get("task", f"/tasks/{key}/reminders")),
        optional(call.get("project", f"/projects/{project_key}")),
        optional(call.all("project", f"/projects/{project_key}/members"), []),
    )
    fired = reminders and any(row["event_id"] for row in reminders["items"])
    people = People(members)
    authors = {comment["author_id"] for comment in comments} | {task["created_by"], *task["assignees"]}
    reminded = {row["user_id"] for row in reminders["items"]} if reminders else set()
    deliveries, _ = await gather(
        optional(_deliveries(request, task["id"])) if fired else _none(),
        people.learn(request, authors | reminded | history.people_in(entries)),
    )
    return {
        "task": task,
        "statuses": statuses["items"],
        "comments": comments,
        "entries": entries,
        "older": not everything and len(entries) == RECENT,
        "watchers": [watcher["user_id"] for watcher in watchers["items"]],
        "reminders": reminders,
        "deliveries": deliveries,
        "project": project,
        "people": people,
        "members": members,
        "role": "viewer" if project and project["archived"] else project and project["role"],
    }


def _forms(task: dict[str, Any], known: Viewer, again: str, form: Form | None) -> dict[str, Any]:
    forms: dict[str, Form] = defaultdict(Form)
    fields = edits.texts(task, known.zone)
    marks = {f"was_{field}": mark for field, mark in edits.marks(task, known.zone).items()}
    for name in ("text", "facts"):
        forms[name] = Form({**fields, **marks, "version": task["version"], "seen": task["updated_at"]})
    if form:
        forms[again] = form
    return {"forms": forms, "again": again}


def _activity(found: dict[str, Any], known: Viewer) -> list[dict[str, Any]]:
    """Comments and what else happened, the oldest first."""
    told = history.lines(found["entries"], found["people"], known, datetime.now(UTC))
    happened = [{"at": line.at, "line": line, "comment": None} for line in reversed(told)]
    happened += [{"at": comment["created_at"], "line": None, "comment": comment} for comment in found["comments"]]
    return sorted(happened, key=lambda one: datetime.fromisoformat(one["at"]))


def _lately(found: dict[str, Any], known: Viewer) -> str:
    """What somebody else did last, for the script that tells it to whoever is reading."""
    told = history.lines(found["entries"][:1], found["people"], known, datetime.now(UTC))
    said = [(entry.at, entry.by, f"{entry.sentence}.") for entry in told]
    if comments := found["comments"]:
        newest = max(comments, key=lambda comment: str(comment["created_at"]))
        said.append((newest["created_at"], newest["author_id"], f"{found['people'][newest['author_id']]} commented."))
    _, by, sentence = max(said, default=("", known.id, ""))
    return "" if by == known.id else f"Just now: {sentence}"


def _reminders(found: dict[str, Any]) -> list[dict[str, Any]]:
    if not found["reminders"]:
        return []
    sent = defaultdict(list)
    for delivery in found["deliveries"] or ():
        sent[delivery["event_id"]].append(delivery)
    rows = [
        {**row, "deliveries": sent[row["event_id"]] if row["event_id"] else []} for row in found["reminders"]["items"]
    ]
    return sorted(rows, key=lambda row: str(row["fire_at"]))


async def _deliveries(request: web.Request, task_id: str) -> list[Any]:
    return await api(request).all("notification", "/deliveries", MOST_DELIVERIES, task_id=task_id)


async def _none() -> None:
    return None


PAGES = [Page("GET", "/tasks/{task}", show)]
