"""Whether every service is well, and what waits in its queues."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import render
from punctual.http.dashboard.routing import For, Page
from punctual.http.dashboard.services import SERVICES as CONNECTIONS
from punctual.kit.settings import SERVICES

READY = "/health/ready"


async def show(request: web.Request) -> web.Response:
    """All of them, each with what can be told of it."""
    services = await gather(*(_service(request, name) for name in SERVICES))
    well = all(service["well"] for service in services)
    return await render(request, "administration/health.html", services=services, well=well)


async def _service(request: web.Request, name: str) -> dict[str, Any]:
    parts, queues = await gather(_parts(request, name), _queues(request, name))
    unread = [queue["name"] for queue in queues or () if not queue["consumers"]]
    return {
        "name": name,
        "parts": parts,
        "queues": queues,
        "unread": unread,
        "dead": sum(queue["dead"] for queue in queues or ()),
        "well": queues is not None and not unread and all(word == "ok" for word in parts.values()),
    }


async def _parts(request: web.Request, service: str) -> dict[str, str]:
    try:
        status, _, body = await request.app[CONNECTIONS].call(service, "GET", READY, {})
    except Problem as problem:
        return {"HTTP": problem.detail}
    # 503 is a service's own word that one of its parts isn't ready.
    if status not in {200, 503} or "parts" not in body:
        return {"HTTP": f"An answer with status {status}, which isn't the service's own."}
    return {"HTTP": "ok", **body["parts"]}


async def _queues(request: web.Request, service: str) -> list[Any] | None:
    try:
        items: list[Any] = (await api(request).get(service, f"/queues/{service}"))["items"]
    except Problem:
        return None
    return items


PAGES = [Page("GET", "/administration", show, For.ADMIN)]
