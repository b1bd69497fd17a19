"""Where the link at the end of an e-mail leads: no more e-mails of its kind, after one press."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard import kinds
from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, rejected, render
from punctual.http.dashboard.routing import For, Page

PATH = "/unsubscriptions/{token}"
TEMPLATE = "account/unsubscription.html"


async def show(request: web.Request) -> web.Response:
    """Ask before anything is done: programs that check links in e-mails open this page, too."""
    return await render(request, TEMPLATE, form=Form(), **await _found(request))


async def unsubscribe(request: web.Request) -> web.Response:
    """Switch them off."""
    found, form = await _found(request), Form.of(request)
    try:
        answer = await api(request).post("notification", _path(request))
    except Problem as problem:
        return await rejected(request, problem, form, TEMPLATE, **found)
    # Whoever isn't signed in couldn't ask what became of it.
    return redirect(request, request.path, "It is accepted, and will be done in a moment." if answer.pending else "")


async def _found(request: web.Request) -> dict[str, Any]:
    link = await api(request).get("notification", _path(request))
    return {"name": kinds.name_of(link["kind"]), "email": link["email"]}


def _path(request: web.Request) -> str:
    return f"/unsubscriptions/{request.match_info['token']}"


PAGES = [Page("GET", PATH, show, For.ANYBODY), Page("POST", PATH, unsubscribe, For.ANYBODY)]
