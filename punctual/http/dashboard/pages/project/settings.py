"""A project's settings: its name, key and description, archiving and deleting it."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.project.opening import PROJECT, opened
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, render, settle
from punctual.http.dashboard.routing import Page

TEMPLATE = "project/settings.html"
FIELDS = ("name", "key", "description")


async def show(request: web.Request) -> web.Response:
    """The forms."""
    context = await opened(request)
    return await _page(request, context, Form(context["project"]), Form())


async def update(request: web.Request) -> web.Response:
    """Name, key and description, unless somebody else changed them in between."""
    form = Form.of(request)
    path = _path(request)
    version = int(form["version"]) if form["version"].isdecimal() else None
    body = form.text(*(name for name in FIELDS if name in form))
    if "key" in body:
        body["key"] = body["key"].strip().upper()
    try:
        answer = await api(request).patch("project", path, body, version=version)
    except Problem as problem:
        context = await opened(request)
        form.reject(problem, *FIELDS)
        return await _page(request, context, form, Form(), changed=problem.current)
    if not answer.pending:
        path = f"/projects/{answer.body['key']}"
    return settle(request, answer, f"{path}/settings", "The settings are saved.")


async def archive(request: web.Request) -> web.Response:
    """Make it read-only, or with `undo` writable again."""
    form, path = Form.of(request), _path(request)
    address = f"{path}/archive"
    try:
        if form["undo"]:
            answer = await api(request).delete("project", address)
            return settle(request, answer, f"{path}/settings", "The project is writable again; its reminders go on.")
        answer = await api(request).put("project", address)
    except Problem as problem:
        return redirect(request, f"{path}/settings", problem.detail, kind="fault")
    sentence = "The project is archived: it is read-only, and nobody is reminded of its tasks."
    return settle(request, answer, f"{path}/settings", sentence, undo=f"{path}/settings/archive")


async def delete(request: web.Request) -> web.Response:
    """Delete it, if its key was typed."""
    form, context = Form.of(request), await opened(request)
    key = context["project"]["key"]
    try:
        _confirm(form["confirmation"], key)
        answer = await api(request).delete("project", f"/projects/{key}")
    except Problem as problem:
        form.reject(problem, "confirmation")
        return await _page(request, context, Form(context["project"]), form)
    return settle(request, answer, "/projects", f"{context['project']['name']} is deleted, with all its tasks.")


def _confirm(typed: str, key: str) -> None:
    if typed.strip().upper() != key:
        raise Problem(422, "", errors={"confirmation": [f"Type {key} to delete this project. Nothing was deleted."]})


async def _page(
    request: web.Request, context: dict[str, Any], form: Form, deletion: Form, changed: Any = None
) -> web.Response:
    status = max(form.status, deletion.status)
    return await render(
        request, TEMPLATE, status, **context, tab="settings", part="general", form=form, deletion=deletion,
        changed=changed,
    )  # fmt: skip


def _path(request: web.Request) -> str:
    return f"/projects/{request.match_info['project']}"


_SETTINGS = PROJECT + "/settings"
PAGES = [
    Page("GET", _SETTINGS, show),
    Page("POST", _SETTINGS, update),
    Page("POST", _SETTINGS + "/archive", archive),
    Page("POST", _SETTINGS + "/deletion", delete),
]
