"""Choosing light or dark."""

from aiohttp import web

from punctual.http.dashboard import appearance
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.rendering import local, redirect
from punctual.http.dashboard.routing import For, Page


async def choose(request: web.Request) -> web.Response:
    """Keep the choice in this browser."""
    form = Form.of(request)
    response = redirect(request, local(form["next"]))
    appearance.choose(response, form["theme"])
    return response


PAGES = [Page("POST", "/appearance", choose, For.ANYBODY)]
