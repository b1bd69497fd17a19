"""One's profile: name, time zone, and how dates are written."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard import languages
from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.account import ZONES
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, rejected, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import forget

TEMPLATE = "settings/profile.html"
FIELDS = ("display_name", "time_zone", "locale")


async def show(request: web.Request) -> web.Response:
    """The profile as a form."""
    profile = await api(request).get("user", "/users/me")
    return await render(request, TEMPLATE, form=Form(profile), **_choices(profile))


async def change(request: web.Request) -> web.Response:
    """Change it."""
    form = Form.of(request)
    try:
        answer = await api(request).patch("user", "/users/me", form.text(*FIELDS))
    except Problem as problem:
        return await rejected(request, problem, form, TEMPLATE, *FIELDS, **_choices(form))
    forget(request)
    return settle(request, answer, "/settings", "Your profile is saved.")


async def verify(request: web.Request) -> web.Response:
    """Have the e-mail that confirms the address sent once more."""
    try:
        answer = await api(request).post("auth", "/auth/email-verifications")
    except Problem as problem:
        return redirect(request, "/settings", problem.detail, kind="fault")
    return settle(request, answer, "/settings", "An e-mail is on its way to you. It says how to go on.")


def _choices(chosen: Any) -> dict[str, Any]:
    zone, locale = chosen["time_zone"], chosen["locale"]
    return {"zones": ZONES if zone in ZONES else [zone, *ZONES], "locales": languages.with_own(locale)}


PAGES = [
    Page("GET", "/settings", show),
    Page("POST", "/settings", change),
    Page("POST", "/settings/email-verifications", verify),
]
