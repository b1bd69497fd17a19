"""The list of projects, and a new one."""

from aiohttp import web

from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import rejected, render, settle
from punctual.http.dashboard.routing import Page

NEW = "projects/new.html"
FIELDS = ("name", "key", "description")


async def index(request: web.Request) -> web.Response:
    """My projects; archived ones on a page of their own."""
    archived = request.query.get("archived") == "true"
    page = await api(request).get(
        "project", "/projects", archived=archived, sort="name", limit=100, cursor=request.query.get("cursor")
    )
    return await render(
        request, "projects/list.html", projects=page["items"], cursor=page["next_cursor"], archived=archived
    )


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
