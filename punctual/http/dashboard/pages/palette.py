"""What the command palette finds beyond the page it is opened on: projects, and tasks."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import fragment
from punctual.http.dashboard.routing import Page

LONGEST = 100
MOST = 7


async def find(request: web.Request) -> web.Response:
    """Projects and tasks by what was typed so far; of a service that is away, nothing."""
    typed = request.query.get("q", "").strip()[:LONGEST] or None
    projects, tasks = await gather(
        _items(request, "project", "/projects", archived=False, sort="name", q=typed),
        _items(request, "task", "/tasks", q=typed, sort="relevance") if typed else _nothing(),
    )
    found = [(f"/projects/{project['key']}", project["key"], project["name"]) for project in projects]
    found += [(f"/tasks/{task['key']}", task["key"], task["title"]) for task in tasks]
    return await fragment(request, "palette.html", found=found)


async def _items(request: web.Request, service: str, path: str, **query: Any) -> list[Any]:
    try:
        page = await api(request).get(service, path, limit=MOST, **query)
    except Problem:
        return []
    items: list[Any] = page["items"]
    return items


async def _nothing() -> list[Any]:
    return []


PAGES = [Page("GET", "/palette", find, part=True)]
