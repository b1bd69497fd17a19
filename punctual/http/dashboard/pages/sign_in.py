"""Signing in and out."""

from aiohttp import web

from punctual.http.dashboard import grants
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, rejected, render
from punctual.http.dashboard.routing import For, Page
from punctual.http.dashboard.session import signed_in

TEMPLATE = "account/sign_in.html"
WRONG = "This e-mail address and password don't belong together. Check both, or ask for a new password."


async def show(request: web.Request) -> web.Response:
    """The form; whoever is signed in goes on."""
    target = local(request.query.get("next"))
    if signed_in(request):
        return redirect(request, target)
    return await render(request, TEMPLATE, form=Form({"email": request.query.get("email")}), target=target)


async def sign_in(request: web.Request) -> web.Response:
    """Sign in and go to where one wanted to."""
    form = Form.of(request)
    target = local(form["next"])
    try:
        await grants.sign_in(request, form["email"], form["password"])
    except Problem as problem:
        if problem.code == "invalid_grant":
            problem = Problem(422, WRONG)
        return await rejected(request, problem, form, TEMPLATE, target=target)
    return redirect(request, target)


async def sign_out(request: web.Request) -> web.Response:
    """End the session."""
    sentence, kind = "You are signed out.", "done"
    try:
        await grants.sign_out(request)
    except Problem:
        sentence = "You are signed out in this browser. The session itself could not be ended right now; see Sessions."
        kind = "fault"
    response = redirect(request, "/sign-in", sentence, kind=kind)
    # What was kept for the way back is nobody's any more.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


PAGES = [
    Page("GET", "/sign-in", show, For.ANYBODY),
    Page("POST", "/sign-in", sign_in, For.ANYBODY),
    Page("POST", "/sign-out", sign_out, For.ANYBODY),
]
