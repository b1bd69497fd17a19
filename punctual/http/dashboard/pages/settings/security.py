"""One's password, and the sessions in which one is signed in."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard import devices
from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, rejected, render, settle
from punctual.http.dashboard.routing import Page

PATH = "/settings/security"
TEMPLATE = "settings/security.html"
FIELDS = ("current_password", "new_password")
OTHERS = "others"


async def show(request: web.Request) -> web.Response:
    """Both."""
    return await render(request, TEMPLATE, form=Form(), sessions=await _sessions(request))


async def change_password(request: web.Request) -> web.Response:
    """Change the password; all other sessions end."""
    form = Form.of(request)
    try:
        answer = await api(request).put("auth", "/auth/password", form.text(*FIELDS))
    except Problem as problem:
        sessions = await _sessions(request)
        return await rejected(request, problem, form, TEMPLATE, *FIELDS, sessions=sessions)
    return settle(request, answer, PATH, "Your password is changed, and all your other sessions have ended.")


async def end_session(request: web.Request) -> web.Response:
    """End one other session, or all of them."""
    which = Form.of(request)["session"]
    if which == OTHERS:
        answer = await api(request).delete("auth", "/auth/sessions")
        return settle(request, answer, PATH, "All your other sessions have ended.")
    try:
        answer = await api(request).delete("auth", f"/auth/sessions/{which}")
    except Problem as problem:
        if problem.status != 404:
            raise
        return redirect(request, PATH, "That session had ended already.")
    return settle(request, answer, PATH, "That session has ended.")


async def _sessions(request: web.Request) -> list[Any]:
    sessions = await api(request).all("auth", "/auth/sessions")
    for session in sessions:
        session["name"] = devices.name_of(session["device"])
    return sorted(sessions, key=lambda session: session["last_seen_at"], reverse=True)


PAGES = [
    Page("GET", PATH, show),
    Page("POST", PATH, change_password),
    Page("POST", PATH + "/sessions", end_session),
]
