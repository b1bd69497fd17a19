"""Quick add: a line, what it was understood as, corrections, and then the task."""

import re
from typing import Any

from aiohttp import web

from punctual.http.dashboard import deadlines
from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.people import People, optional
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer

TEMPLATE = "quick_add.html"
FIELDS = ("title", "project", "priority", "due", "assignees")
WRITERS = ("owner", "admin", "member")
PRIORITIES = tuple((name, name.capitalize()) for name in ("none", "low", "medium", "high", "urgent"))
_PROJECT = re.compile(r"[A-Z][A-Z0-9]{1,9}")


async def understand(request: web.Request) -> web.Response:
    """The echo of a line, and the form that it fills in."""
    line, given = request.query.get("line", "").strip(), request.query.get("project", "")
    back = local(request.query.get("next"))
    place = given if _PROJECT.fullmatch(given) else None
    if not line:
        return await _page(request, Form({"next": back, "project": place}))
    try:
        draft = await _draft(request, line, place)
    except Problem as problem:
        form = Form({"line": line, "title": line, "next": back, "project": place})
        form.reject(problem)
        return await _page(request, form)
    day, clock = deadlines.parts(draft["due"], (await viewer(request)).zone)
    values = {
        "line": line,
        "next": back,
        "title": draft["title"],
        "project": draft["project"]["key"] if draft["project"] else place,
        "priority": draft["priority"],
        "due_day": day,
        "due_time": clock,
        "assignees": draft["assignees"],
    }
    return await _page(request, Form(values), draft=draft, pieces=pieces(draft))


async def create(request: web.Request) -> web.Response:
    """Create it as the form says; then back to where one was."""
    form = Form.of(request)
    back = local(form["next"])
    if not _PROJECT.fullmatch(form["project"]):
        form.errors, form.status = {"project": ["Choose the project that it belongs to."]}, 422
        return await _page(request, form)
    try:
        body = {
            "title": form["title"],
            "priority": form["priority"] or "none",
            "due": deadlines.joined(form["due_day"], form["due_time"], (await viewer(request)).zone),
            "assignees": list(dict.fromkeys(one for one in form.several("assignees") if one)),
        }
        answer = await api(request).post("task", f"/projects/{form['project']}/tasks", body)
    except Problem as problem:
        form.reject(problem, *FIELDS)
        return await _page(request, form)
    if answer.pending:
        return settle(request, answer, back)
    key = answer.body["key"]
    return redirect(request, back, f"{key} is created: {answer.body['title']}", undo=f"/quick-add/{key}")


async def take_back(request: web.Request) -> web.Response:
    """Undo: the task that was just created is deleted."""
    key = request.match_info["task"]
    answer = await api(request).delete("task", f"/tasks/{key}")
    return settle(request, answer, local(Form.of(request)["next"]), f"{key} is taken back.")


def pieces(draft: dict[str, Any]) -> list[tuple[str, str]]:
    """The line in stretches, each with what it was understood as: a kind, `doubt`, or nothing but title."""
    known = [(part["start"], part["end"], part["kind"]) for part in draft["parts"]]
    known += [(one["start"], one["end"], "doubt") for one in draft["problems"] if one["start"] is not None]
    found, position, line = [], 0, draft["text"]
    for start, end, kind in sorted(known):
        found += [(line[position:start], ""), (line[start:end], kind)]
        position = end
    return [(text, kind) for text, kind in [*found, (line[position:], "")] if text]


async def _draft(request: web.Request, line: str, place: str | None) -> dict[str, Any]:
    body = {"text": line, **({"project": place} if place else {})}
    found: dict[str, Any] = (await api(request).post("task", "/task-drafts", body)).body
    return found


async def _page(request: web.Request, form: Form, **understood: Any) -> web.Response:
    key = form["project"] if _PROJECT.fullmatch(form["project"]) else None
    projects, members = await gather(
        api(request).all("project", "/projects", archived=False, sort="name"),
        optional(api(request).all("project", f"/projects/{key}/members"), []) if key else _nobody(),
    )
    people = People(members)
    await people.learn(request, form.several("assignees"))
    mine = [(_name(project, form["project"]), project["name"]) for project in projects if project["role"] in WRITERS]
    context = {"draft": None, "pieces": [], **understood}
    return await render(
        request, TEMPLATE, form.status, form=form, projects=mine, people=people, priorities=PRIORITIES, **context
    )


def _name(project: dict[str, Any], chosen: str) -> str:
    """The project's key, or the former one that was chosen."""
    return chosen if chosen in project.get("former_keys", ()) else str(project["key"])


async def _nobody() -> list[Any]:
    return []


PAGES = [
    Page("GET", "/quick-add", understand),
    Page("POST", "/quick-add", create),
    Page("POST", "/quick-add/{task}", take_back),
]
