"""The start page: what is due for whoever looks, across all projects, and what is new for them."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.moments import bucket
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import render
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer

MOST = 200
NEWS = 5
GROUPS = {
    "overdue": "Overdue",
    "today": "Today",
    "week": "Next 7 days",
    "later": "Later",
    "none": "Without a date",
}


async def show(request: web.Request) -> web.Response:
    """My open tasks by the time that is left."""
    cursor = request.query.get("cursor")
    known, page, news = await gather(
        viewer(request),
        api(request).get("task", "/tasks", assignee="me", category="open", sort="due", limit=MOST, cursor=cursor),
        _news(request) if cursor is None else _nothing(),
    )
    now = datetime.now(UTC)
    groups: dict[str, list[Any]] = {name: [] for name in GROUPS}
    for task in page["items"]:
        groups[bucket(task["due"], known, now)].append(task)
    return await render(
        request,
        "my_work.html",
        groups=[(name, GROUPS[name], tasks) for name, tasks in groups.items() if tasks],
        news=news,
        cursor=page["next_cursor"],
        first=cursor is None,
    )


async def _news(request: web.Request) -> list[Any] | None:
    """The newest notifications that weren't read; None while they can't be had, which mustn't hide the tasks."""
    try:
        page = await api(request).get("notification", "/notifications", unread=True, limit=NEWS)
    except Problem:
        return None
    items: list[Any] = page["items"]
    return items


async def _nothing() -> list[Any]:
    return []


PAGES = [Page("GET", "/", show)]
