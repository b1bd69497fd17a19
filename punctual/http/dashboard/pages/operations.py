"""The page that waits for a change which was accepted and isn't done yet."""

from aiohttp import web

from punctual.http.dashboard import kept
from punctual.http.dashboard.client import api
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, render
from punctual.http.dashboard.routing import For, Page
from punctual.kit.settings import SERVICES

REFRESH_SECONDS = 2


async def show(request: web.Request) -> web.Response:
    """Pending: look again shortly. Done: go on. Rejected or failed: why."""
    service, operation = request.match_info["service"], request.match_info["id"]
    if service not in SERVICES:
        raise Problem(404, "There is nothing at this address.", code="not_found")
    then = local(request.query.get("then"))
    found = await api(request).get(service, f"/operations/{service}/{operation}")
    if found["state"] == "done":
        return redirect(request, then, "It's done.")
    response = await render(request, "operation.html", operation=found, then=then, kept=kept.kept(request))
    if found["state"] == "pending":
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


PAGES = [Page("GET", "/operations/{service}/{id}", show, For.ANYBODY)]
