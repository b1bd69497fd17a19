"""The start page: what is due for whoever looks, across all projects, and what is new for them."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from punctual.http.dashboard import history, visits
from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.moments import bucket
from punctual.http.dashboard.people import People, optional
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import render
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer

MOST = 200
NEWS, CHANGED, DEEDS = 5, 8, 10
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
    now = datetime.now(UTC)
    since = visits.since(request, now)
    known, page, news, changed = await gather(
        viewer(request),
        api(request).get("task", "/tasks", assignee="me", category="open", sort="due", limit=MOST, cursor=cursor),
        _news(request) if cursor is None else _nothing(),
        optional(_changed(request, since, now), []) if cursor is None else _nothing(),
    )
    groups: dict[str, list[Any]] = {name: [] for name in GROUPS}
    for task in page["items"]:
        groups[bucket(task["due"], known, now)].append(task)
    response = await render(
        request,
        "my_work.html",
        since=since.isoformat(),
        changed=changed,
        groups=[(name, GROUPS[name], tasks) for name, tasks in groups.items() if tasks],
        news=news,
        cursor=page["next_cursor"],
        first=cursor is None,
    )
    visits.keep(request, response, now)
    return response


async def _changed(request: web.Request, since: datetime, now: datetime) -> list[Any]:
    """The tasks of the viewer's in which others did something since then, each with what they did, newest first."""
    known = await viewer(request)
    page = await api(request).get("task", "/tasks", assignee="me", sort="-updated_at", limit=3 * CHANGED)
    tasks = [task for task in page["items"] if datetime.fromisoformat(task["updated_at"]) > since]
    told = await gather(
        *(api(request).get("task", f"/tasks/{task['key']}/history", sort="-occurred_at", limit=DEEDS) for task in tasks)
    )
    entries = [
        [
            entry
            for entry in page["items"]
            if entry["caller_id"] != known.id and datetime.fromisoformat(entry["occurred_at"]) > since
        ]
        for page in told
    ]
    people = People()
    await people.learn(request, {one for each in entries for one in history.people_in(each)})
    lines = [history.lines(each, people, known, now) for each in entries]
    return [(task, said) for task, said in zip(tasks, lines, strict=True) if said][:CHANGED]


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
