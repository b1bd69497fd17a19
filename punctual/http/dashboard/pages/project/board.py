"""A project as a board: a column for each status, and the tasks in it as cards that move."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from punctual.http.dashboard.client import Answer, api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.project import filters as reading
from punctual.http.dashboard.pages.project.cards import painter
from punctual.http.dashboard.pages.project.opening import PROJECT, opened
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer

MOST_OPEN = 600
MOST_CLOSED = 40
CLOSED = ("done", "cancelled")
_MOVE = re.compile(r"([A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,8}) ([0-9a-f-]{36})")


async def show(request: web.Request) -> web.Response:
    """All open tasks, and the closed ones that changed last."""
    known, context = await gather(viewer(request), opened(request))
    wanted = reading.read(request.query, context["statuses"], context["members"])
    key, now = context["project"]["key"], datetime.now(UTC)
    asked, path = wanted.asked(known, now), f"/projects/{key}/tasks"
    still, closed, counts = await gather(
        api(request).all("task", path, MOST_OPEN, category="open", sort="due", **asked),
        api(request).get("task", path, category="closed", sort="-updated_at", limit=MOST_CLOSED, **asked),
        api(request).get("task", f"/projects/{key}/task-counts"),
    )
    tasks = [task for task in (*still, *closed["items"]) if wanted.keeps(task, known, now)]
    return await render(
        request,
        "project/board.html",
        **context,
        tab="board",
        filters=wanted,
        columns=_columns(context["statuses"], tasks, {} if wanted.narrow else _totals(counts)),
        card=painter(request.app, known, context["people"], may_write=context["may_write"]),
        moving=request.query.get("move", "") if context["may_write"] else "",
        any_task=any(count["tasks"] for count in counts["items"]),
    )


async def move(request: web.Request) -> web.Response:
    """Move one card to a column: `to` is its key and the id of the status."""
    form = Form.of(request)
    base = f"/projects/{request.match_info['project']}"
    found = _MOVE.fullmatch(form["to"] or request.query.get("to", ""))
    if found is None:
        raise Problem(422, "Choose a card and a column to move it to.")
    task, status = found.groups()
    former = None if form["undo"] else await _status_of(request, task)
    change = api(request).patch("task", f"/tasks/{task}", {"status_id": status})
    if "application/json" in request.headers.get("Accept", ""):
        return await _told(task, change)
    answer = await change
    undo = f"{base}/moves?{urlencode({'to': f'{task} {former}'})}" if former else ""
    sentence = "" if answer.pending else _sentence(task, answer)
    return settle(request, answer, local(form["next"], base) + f"#{task}", sentence, undo=undo)


async def _told(task: str, change: Any) -> web.Response:
    """The outcome for the script, which shows it at the card."""
    try:
        answer = await change
    except Problem as problem:
        return web.json_response({"sentence": problem.detail}, status=problem.status)
    if answer.pending:
        return web.json_response({"sentence": f"{task}: accepted, not done yet.", "pending": answer.operation})
    return web.json_response({"sentence": _sentence(task, answer)})


def _sentence(task: str, answer: Answer) -> str:
    return f"{task} is in {answer.body['status']['name']} now."


async def _status_of(request: web.Request, task: str) -> str | None:
    """Where the card was, for the way back; a card moves without, too."""
    if "application/json" in request.headers.get("Accept", ""):
        return None
    try:
        return str((await api(request).get("task", f"/tasks/{task}"))["status"]["id"])
    except Problem:
        return None


def _totals(counts: dict[str, Any]) -> dict[str, int]:
    return {count["status_id"]: count["tasks"] for count in counts["items"]}


def _columns(statuses: list[Any], tasks: list[Any], totals: dict[str, int]) -> list[dict[str, Any]]:
    """Each status with its cards, and how many there are altogether."""
    cards: dict[str, list[Any]] = {status["id"]: [] for status in statuses}
    for task in tasks:
        cards.setdefault(task["status"]["id"], []).append(task)
    return [
        {
            "status": status,
            "cards": cards[status["id"]],
            "total": max(totals.get(status["id"], 0), len(cards[status["id"]])),
            "closed": status["category"] in CLOSED,
        }
        for status in statuses
    ]


PAGES = [
    Page("GET", PROJECT, show),
    Page("POST", PROJECT + "/moves", move),
]
