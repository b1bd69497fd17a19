"""The people of the instance: who they are, their role, and whether they may come in."""

from aiohttp import web

from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, render, settle
from punctual.http.dashboard.routing import For, Page

PATH = "/administration/people"
PERSON = PATH + "/{person}"
ROLES = (("", "Any role"), ("admin", "Administrators"), ("user", "Users"))
STATES = (("", "Active"), ("false", "Deactivated"))
PAGE = 50


async def index(request: web.Request) -> web.Response:
    """Find people by name or e-mail address, role and state."""
    form = Form(request.query)
    page = await api(request).get(
        "user",
        "/users",
        q=form["q"].strip() or None,
        role=form["role"] or None,
        active="false" if form["active"] == "false" else None,
        limit=PAGE,
        cursor=form["cursor"] or None,
    )
    return await render(
        request,
        "administration/people.html",
        form=form,
        people=page["items"],
        cursor=page["next_cursor"],
        roles=ROLES,
        states=STATES,
    )


async def administer(request: web.Request) -> web.Response:
    """Make somebody an administrator, or with `undo` no longer one."""
    form, person = Form.of(request), request.match_info["person"]
    role = "user" if form["undo"] else "admin"
    sentence = "They are no administrator any more." if form["undo"] else "They are an administrator now."
    return await _change(request, "PUT", f"/users/{person}/role", {"role": role}, sentence)


async def deactivate(request: web.Request) -> web.Response:
    """Shut somebody out, or with `undo` let them in again."""
    form, person = Form.of(request), request.match_info["person"]
    path = f"/users/{person}/deactivation"
    if form["undo"]:
        return await _change(request, "DELETE", path, None, "They may sign in again.")
    return await _change(request, "PUT", path, None, "They are deactivated, and all their sessions have ended.")


async def _change(
    request: web.Request, method: str, path: str, body: dict[str, str] | None, sentence: str
) -> web.Response:
    form = Form.of(request)
    back = local(form["next"], PATH)
    try:
        answer = await api(request).send("user", method, path, body)
    except Problem as problem:
        # A rule, such as that one administrator remains, is told where it was broken.
        if problem.status != 409:
            raise
        return redirect(request, back, problem.detail, kind="fault")
    return settle(request, answer, back, sentence, undo="" if form["undo"] else request.path)


PAGES = [
    Page("GET", PATH, index, For.ADMIN),
    Page("POST", PERSON + "/administration", administer, For.ADMIN),
    Page("POST", PERSON + "/deactivation", deactivate, For.ADMIN),
]
