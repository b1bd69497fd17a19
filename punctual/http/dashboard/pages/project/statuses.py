"""A project's statuses: names, categories, order, and which one new tasks begin in."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import Answer, api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.project.opening import PROJECT, opened, sentences
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import render, settle
from punctual.http.dashboard.routing import Page

TEMPLATE = "project/statuses.html"


async def show(request: web.Request) -> web.Response:
    """The columns of the board, in their order."""
    return await _page(request, Form({"category": "in_progress"}), Form())


async def add(request: web.Request) -> web.Response:
    """A new status, the last one."""
    form = Form.of(request)
    path = f"/projects/{request.match_info['project']}"
    try:
        answer = await api(request).post("task", f"{path}/statuses", form.text("name", "category"))
    except Problem as problem:
        form.reject(problem, "name", "category")
        return await _page(request, form, Form())
    return settle(request, answer, f"{path}/settings/statuses", f"{form['name'].strip()} is a status now.")


async def change(request: web.Request) -> web.Response:
    """Save a row, or what its other buttons say: up, down, default, delete."""
    form = Form.of(request)
    path = f"/projects/{request.match_info['project']}"
    try:
        answer, sentence = await _done(request, form, f"{path}/statuses/{request.match_info['status']}")
    except Problem as problem:
        form.status, form.fault = problem.status, sentences(problem)
        return await _page(request, Form({"category": "in_progress"}), form)
    return settle(request, answer, f"{path}/settings/statuses", sentence)


async def _done(request: web.Request, form: Form, address: str) -> tuple[Answer, str]:
    name, position = form["name"].strip(), int(form["position"]) if form["position"].isdecimal() else 0
    match form["do"]:
        case "up":
            return await api(request).patch("task", address, {"position": max(position - 1, 0)}), f"{name} moved up."
        case "down":
            return await api(request).patch("task", address, {"position": position + 1}), f"{name} moved down."
        case "default":
            return await api(request).patch("task", address, {"is_default": True}), f"New tasks begin in {name}."
        case "delete":
            return await api(request).delete("task", address), f"The status {name} is deleted."
    version = int(form["version"]) if form["version"].isdecimal() else None
    body = form.text("name", "category")
    return await api(request).patch("task", address, body, version=version), f"The status {name} is saved."


async def _page(request: web.Request, form: Form, row: Form) -> web.Response:
    """`row` is the form of one status that was refused."""
    context: dict[str, Any] = await opened(request)
    refused = request.match_info.get("status", "")
    return await render(
        request, TEMPLATE, max(form.status, row.status), **context, tab="settings", part="statuses", form=form,
        row=row, refused=refused,
    )  # fmt: skip


_STATUSES = PROJECT + "/settings/statuses"
PAGES = [
    Page("GET", _STATUSES, show),
    Page("POST", _STATUSES, add),
    Page("POST", _STATUSES + "/{status}", change),
]
