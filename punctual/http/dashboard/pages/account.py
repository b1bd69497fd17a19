"""Registering, and the links that e-mails lead to: verifying an address, accepting an invitation."""

from typing import Any
from zoneinfo import available_timezones

from aiohttp import web

from punctual.http.dashboard import grants
from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, rejected, render, settle
from punctual.http.dashboard.routing import For, Page
from punctual.http.dashboard.session import signed_in
from punctual.http.dashboard.viewer import viewer

REGISTER = "account/register.html"
LINK = "account/link.html"
FIELDS = ("display_name", "email", "password", "time_zone")
# The rest of the list are old names of these.
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))
)
VERIFICATION: dict[str, Any] = {
    "title": "Confirm your e\u2011mail address",
    "text": "One press, and we know that this address is yours.",
    "button": "Confirm this address",
}
INVITATION: dict[str, Any] = {
    "title": "You are invited to a project",
    "text": "Accept, and the project is in your list; its owner is told.",
    "button": "Accept the invitation",
}


async def show_registration(request: web.Request) -> web.Response:
    """The form for a new account."""
    target = local(request.query.get("next"))
    return await render(request, REGISTER, form=Form({"time_zone": "UTC"}), target=target, zones=ZONES)


async def register(request: web.Request) -> web.Response:
    """Register and sign in. Whether the address had an account already isn't told."""
    form = Form.of(request)
    target = local(form["next"])
    try:
        answer = await api(request).post("auth", "/auth/register", form.text(*FIELDS))
    except Problem as problem:
        return await rejected(request, problem, form, REGISTER, *FIELDS, target=target, zones=ZONES)
    if answer.pending:
        return settle(request, answer, "/sign-in")
    try:
        await grants.sign_in(request, form["email"], form["password"])
    except Problem:
        sentence = f"An e-mail is on its way to {form['email'].strip()}. It says how to go on."
        return redirect(request, "/sign-in", sentence)
    return redirect(request, target, "Welcome. Look into your e-mails to confirm your address.")


async def show_verification(request: web.Request) -> web.Response:
    """Ask before anything is done: programs that check links in e-mails open this page, too."""
    return await render(request, LINK, form=Form(), **VERIFICATION)


async def verify(request: web.Request) -> web.Response:
    """Use the link."""
    form = Form.of(request)
    try:
        answer = await api(request).put("auth", f"/auth/email-verifications/{request.match_info['token']}")
    except Problem as problem:
        return await rejected(request, problem, form, LINK, **VERIFICATION)
    target = "/" if signed_in(request) else "/sign-in"
    return settle(request, answer, target, "Your e-mail address is confirmed.")


async def show_invitation(request: web.Request) -> web.Response:
    """Ask as whom one accepts."""
    known = await viewer(request)
    return await render(request, LINK, form=Form(), as_whom=known.email, **INVITATION)


async def accept(request: web.Request) -> web.Response:
    """Join the project."""
    form = Form.of(request)
    try:
        answer = await api(request).put("project", f"/invitations/{request.match_info['token']}")
    except Problem as problem:
        return await rejected(request, problem, form, LINK, **INVITATION)
    target = "/projects" if answer.pending else f"/projects/{answer.body['project_key']}"
    return settle(request, answer, target, "You have joined the project.")


PAGES = [
    Page("GET", "/register", show_registration, For.ANYBODY),
    Page("POST", "/register", register, For.ANYBODY),
    Page("GET", "/email-verifications/{token}", show_verification, For.ANYBODY),
    Page("POST", "/email-verifications/{token}", verify, For.ANYBODY),
    Page("GET", "/invitations/{token}", show_invitation),
    Page("POST", "/invitations/{token}", accept),
]
