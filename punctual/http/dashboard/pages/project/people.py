"""A project's people: members with their roles, open invitations, and leaving."""

from urllib.parse import urlencode

from aiohttp import web

from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.project.opening import PROJECT, opened
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer

TEMPLATE = "project/people.html"
ROLES = {
    "owner": "Owner",
    "admin": "Admin",
    "member": "Member",
    "commenter": "Commenter",
    "viewer": "Viewer",
}


async def show(request: web.Request) -> web.Response:
    """Who is in it, and who is invited."""
    return await _page(request, Form({"role": "member"}))


async def invite(request: web.Request) -> web.Response:
    """Invite an address by e-mail."""
    form, path = Form.of(request), f"/projects/{request.match_info['project']}"
    try:
        answer = await api(request).post("project", f"{path}/invitations", form.text("email", "role"))
    except Problem as problem:
        form.reject(problem, "email", "role")
        return await _page(request, form)
    return settle(
        request, answer, f"{path}/settings/people", f"An invitation is on its way to {form['email'].strip()}."
    )


async def withdraw(request: web.Request) -> web.Response:
    """Make an invitation void."""
    path = f"/projects/{request.match_info['project']}"
    try:
        answer = await api(request).delete("project", f"{path}/invitations/{request.match_info['invitation']}")
    except Problem as problem:
        return redirect(request, f"{path}/settings/people", problem.detail, kind="fault")
    return settle(request, answer, f"{path}/settings/people", "The invitation is withdrawn; its link is void.")


async def change(request: web.Request) -> web.Response:
    """Another role for a member, or with `remove` none."""
    form, path = Form.of(request), f"/projects/{request.match_info['project']}"
    user_id, back = request.match_info["member"], f"{path}/settings/people"
    address, known = f"{path}/members/{user_id}", await viewer(request)
    try:
        if form["remove"]:
            answer = await api(request).delete("project", address)
            mine = user_id == known.id
            if mine:
                return settle(request, answer, "/projects", "You have left the project.")
            undo = f"{back}/{user_id}?{urlencode({'role': form['former'], 'called': form['called']})}"
            return settle(request, answer, back, f"{form['called']} isn't a member any more.", undo=undo)
        role, called = (form[name] or request.query.get(name, "") for name in ("role", "called"))
        answer = await api(request).put("project", address, {"role": role})
    except Problem as problem:
        return redirect(request, back, problem.detail, kind="fault")
    return settle(request, answer, back, f"{called} is {ROLES.get(role, role).lower()} now.")


async def _page(request: web.Request, form: Form) -> web.Response:
    context, known = await opened(request), await viewer(request)
    invitations, path = [], f"/projects/{context['project']['key']}/invitations"
    if context["may_manage"]:
        invitations = await api(request).all("project", path)
    return await render(
        request, TEMPLATE, form.status, **context, tab="settings", part="people", form=form, roles=ROLES,
        invitations=invitations, me=known.id,
    )  # fmt: skip


_PEOPLE = PROJECT + "/settings/people"
PAGES = [
    Page("GET", _PEOPLE, show),
    Page("POST", PROJECT + "/settings/invitations", invite),
    Page("POST", PROJECT + "/settings/invitations/{invitation}/withdrawal", withdraw),
    Page("POST", _PEOPLE + "/{member}", change),
]
