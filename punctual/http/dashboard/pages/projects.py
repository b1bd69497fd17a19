"""The list of projects, and a new one."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import rejected, render, settle
from punctual.http.dashboard.routing import Page

NEW = "projects/new.html"
FIELDS = ("name", "key", "description")


async def index(request: web.Request) -> web.Response:
    """My projects; archived ones on a page of their own."""
    archived = request.query.get("archived") == "true"
    cursor = request.query.get("cursor")
    page, counts = await gather(
        api(request).get("project", "/projects", archived=archived, sort="name", limit=100, cursor=cursor),
        _counts(request),
    )
    return await render(
        request,
        "projects/list.html",
        projects=page["items"],
        counts=counts,
        cursor=page["next_cursor"],
        archived=archived,
    )


async def _counts(request: web.Request) -> dict[str, Any]:
    """Open and overdue tasks by project; none while they can't be had, which mustn't hide the projects."""
    try:
        return {item["project_id"]: item for item in await api(request).all("task", "/task-counts")}
    except Problem:
        return {}


async def show_new(request: web.Request) -> web.Response:
    """The form for a new project."""
    return await render(request, NEW, form=Form())


async def create(request: web.Request) -> web.Response:
    """Create it and go there."""
    form = Form.of(request)
    body = {**form.text(*FIELDS), "key": form["key"].strip().upper()}
    try:
        answer = await api(request).post("project", "/projects", body)
    except Problem as problem:
        return await rejected(request, problem, form, NEW, *FIELDS)
    return settle(request, answer, f"/projects/{body['key']}", f"{form['name'].strip()} is ready. Add its first task.")


PAGES = [
    Page("GET", "/projects", index),
    Page("GET", "/projects/new", show_new),
    Page("POST", "/projects/new", create),
]
