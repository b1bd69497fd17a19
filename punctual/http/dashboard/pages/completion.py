"""Completing a task, or taking that back, from wherever it is shown."""

from aiohttp import web

from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.rendering import local, settle
from punctual.http.dashboard.routing import Page


async def complete(request: web.Request) -> web.Response:
    """Complete, or with `undo` reopen; then back to `next`."""
    form, task = Form.of(request), request.match_info["task"]
    address = f"/tasks/{task}/completion"
    back = local(form["next"], f"/tasks/{task}")
    if form["undo"]:
        return settle(request, await api(request).delete("task", address), back, f"{task} is open again.")
    return settle(request, await api(request).put("task", address), back, f"{task} is done.", undo=address)


PAGES = [Page("POST", "/tasks/{task}/completion", complete)]
