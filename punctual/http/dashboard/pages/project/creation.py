"""A new task in a project, by a form."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.project.opening import PROJECT, opened
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, rejected, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import Viewer, viewer

TEMPLATE = "project/new_task.html"
FIELDS = ("title", "description", "status_id", "priority", "due", "time", "assignees")


async def show(request: web.Request) -> web.Response:
    """The form, with what the address says filled in."""
    known, context = await gather(viewer(request), opened(request))
    default = next((status["id"] for status in context["statuses"] if status["is_default"]), "")
    given = {"status_id": request.query.get("status") or default, "due": request.query.get("due"), "priority": "none"}
    back = local(request.query.get("next"), context["base"])
    return await render(request, TEMPLATE, **context, tab="new", form=Form(given), back=back, me=known.id)


async def create(request: web.Request) -> web.Response:
    """Create it, and go back to the view that one came from."""
    form = Form.of(request)
    reference = request.match_info["project"]
    back = local(form["next"], f"/projects/{reference}")
    known = await viewer(request)
    try:
        answer = await api(request).post("task", f"/projects/{reference}/tasks", _body(form, known))
    except Problem as problem:
        context = await opened(request)
        return await rejected(request, problem, form, TEMPLATE, *FIELDS, **context, tab="new", back=back, me=known.id)
    if answer.pending:
        return settle(request, answer, back)
    if form["another"]:
        again = {"status": form["status_id"], "due": form["due"], "next": back}
        back = f"/projects/{reference}/tasks/new?{urlencode(again)}"
    return settle(request, answer, back, f"{answer.body['key']} is in {answer.body['status']['name']}.")


def _body(form: Form, known: Viewer) -> dict[str, Any]:
    body: dict[str, Any] = {"title": form["title"], "description": form["description"]}
    body |= {name: form[name] for name in ("status_id", "priority") if form[name]}
    assignees = [one for one in form.several("assignees") if one]
    if assignees:
        body["assignees"] = assignees
    if form["due"] or form["time"]:
        body["due"] = due_of(form["due"], form["time"], known)
    return body


def due_of(day: str, time: str, known: Viewer) -> str:
    """A date, or with a time an instant of the viewer's zone. Raises Problem."""
    if not time:
        return day
    if not day:
        raise Problem(422, "A time needs a day.", errors={"due": ["Choose the day that the time is on."]})
    try:
        local_time = datetime.fromisoformat(f"{day}T{time}")
    except ValueError:
        problem = {"due": ["Write it as a day such as 2026-12-24 and a time such as 09:00."]}
        raise Problem(422, "This isn't a day and a time.", errors=problem) from None
    return local_time.replace(tzinfo=known.zone, microsecond=0).isoformat()


PAGES = [
    Page("GET", PROJECT + "/tasks/new", show),
    Page("POST", PROJECT + "/tasks", create),
]
