"""A forgotten password, and the new one."""

from aiohttp import web

from punctual.http.dashboard import session
from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, rejected, render, settle
from punctual.http.dashboard.routing import For, Page

FORGOTTEN = "account/forgotten_password.html"
NEW = "account/new_password.html"


async def show_forgotten(request: web.Request) -> web.Response:
    """The form that asks for a link."""
    return await render(request, FORGOTTEN, form=Form({"email": request.query.get("email")}))


async def ask(request: web.Request) -> web.Response:
    """Have a link sent; whether there is such an account isn't told."""
    form = Form.of(request)
    try:
        await api(request).post("auth", "/auth/password-resets", form.text("email"))
    except Problem as problem:
        return await rejected(request, problem, form, FORGOTTEN, "email")
    sentence = f"If {form['email'].strip()} has an account, a link is on its way there. It is good for an hour."
    return redirect(request, "/sign-in", sentence)


async def show_new(request: web.Request) -> web.Response:
    """The form that the link leads to."""
    return await render(request, NEW, form=Form())


async def set_new(request: web.Request) -> web.Response:
    """Set the password; all sessions end."""
    form = Form.of(request)
    try:
        path = f"/auth/password-resets/{request.match_info['token']}"
        answer = await api(request).put("auth", path, form.text("password"))
    except Problem as problem:
        return await rejected(request, problem, form, NEW, "password")
    session.end(request)
    return settle(
        request, answer, "/sign-in", "Your password is set, and you are signed out everywhere. Sign in with it."
    )


PAGES = [
    Page("GET", "/forgotten-password", show_forgotten, For.ANYBODY),
    Page("POST", "/forgotten-password", ask, For.ANYBODY),
    Page("GET", "/password-resets/{token}", show_new, For.ANYBODY),
    Page("POST", "/password-resets/{token}", set_new, For.ANYBODY),
]
