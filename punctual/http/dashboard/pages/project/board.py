"""A project as a board: a column for each status, and the tasks in it as cards that move."""

import asyncio
import re
from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from punctual.http.dashboard.client import Answer, api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.moving import demand_present
from punctual.http.dashboard.pages.project import filters as reading, remembered
from punctual.http.dashboard.pages.project.cards import painter
from punctual.http.dashboard.pages.project.opening import PATIENCE, PROJECT, about
from punctual.http.dashboard.pieces import Frame
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import html, local, part, redirect, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import Viewer, viewer

CLOSED = ("done", "cancelled")
_MOVE = re.compile(r"([A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,8}) ([0-9a-f-]{36})")


async def show(request: web.Request) -> web.Response:
    """All open tasks, and the closed ones that changed last."""
    if shorter := reading.shorter(request):
        return redirect(request, shorter)
    context = await _board(request)
    demand_present(request, "project", context["project"]["key"])
    content = _content(request, context, await viewer(request))
    shown = {name: context[name] for name in ("project", "members")}
    return await render(request, "project/board.html", **shown, content=content)


async def columns(request: web.Request) -> web.Response:
    """The columns alone, for a page that is open already."""
    cards = (await _board(request))["columns"]
    return html(request, cards.__html__(), pieces=[cards])


async def move(request: web.Request) -> web.Response:
    """Move one card to a column: `to` is its key and the id of the status."""
    form = Form.of(request)
    base = f"/projects/{request.match_info['project']}"
    found = _MOVE.fullmatch(form["to"] or request.query.get("to", ""))
    if found is None:
        raise Problem(422, "Choose a card and a column to move it to.")
    task, status = found.groups()
    back = local(form["next"], base)
    try:
        former = None if form["undo"] else await _status_of(request, task)
        answer = await api(request).patch("task", f"/tasks/{task}", {"status_id": status})
    except Problem as problem:
        return redirect(request, back, f"{task} was not moved. {problem.detail}", kind="fault")
    undo = f"{base}/moves?{urlencode({'to': f'{task} {former}'})}" if former else ""
    sentence = "" if answer.pending else _sentence(task, answer)
    return settle(request, answer, f"{back}#{task}", sentence, undo=undo)


def _sentence(task: str, answer: Answer) -> str:
    return f"{task} is in {answer.body['status']['name']} now."


async def _status_of(request: web.Request, task: str) -> str:
    """Where the card was, for the way back."""
    return str((await api(request).get("task", f"/tasks/{task}"))["status"]["id"])


async def _board(request: web.Request) -> dict[str, Any]:
    """What the templates show. Raises Problem."""
    key = request.match_info["project"]
    known = await viewer(request)
    now = datetime.now(UTC)
    wanted = reading.read(request.query)
    query = wanted.query()
    board = await _asked(request, key, (known.id, key, query), wanted.asked(known, now))
    context = about(board.said["project"], board.said["statuses"], board.said["members"])
    back = f"{context['base']}?{query}" if query else context["base"]

    def columns() -> str:
        cards = painter(request.app, known, context["people"], may_write=context["may_write"])
        sorted_out = _columns(board.said, wanted, known, now)
        return part(
            request,
            "project/columns.html",
            known,
            **context,
            filters=wanted,
            back=back,
            columns=sorted_out,
            cards=cards,
        )

    by = (known.zone.key, str(known.locale), int(now.timestamp()) // 60)
    return {
        **context,
        "filters": wanted,
        "back": back,
        "columns": board.columns(by, columns),
        "board": board,
    }


def _content(request: web.Request, context: dict[str, Any], known: Viewer) -> Frame:
    """What the page shows besides its header, for this address."""
    board: remembered.Board = context["board"]
    here = local(request.path_qs)

    def content() -> str:
        moving = request.query.get("move", "") if context["may_write"] else ""
        places = {task["key"]: task["status_id"] for task in (*board.said["open"], *board.said["closed"])}
        return part(
            request,
            "project/board_content.html",
            known,
            frame=True,
            **context,
            me=known.id,
            next=here,
            moving=moving if moving in places else "",
            moving_from=places.get(moving, ""),
            any_task=any(status["tasks"] for status in context["statuses"]),
        )

    return board.content(here, context["columns"], content)


async def _asked(request: web.Request, key: str, which: Hashable, asked: dict[str, Any]) -> remembered.Board:
    """The board, of a new project as soon as the task service knows it."""
    known = remembered.board(which)
    for pause in (0.0, *PATIENCE):
        await asyncio.sleep(pause)
        try:
            tag, said = await api(request).unless("task", f"/projects/{key}/board", known.tag if known else "", **asked)
            return known if known and said is None else remembered.remember(which, remembered.Board(tag, said))
        except Problem as problem:
            if problem.status != 404:
                raise
            project = await api(request).get("project", f"/projects/{key}")
    raise Problem(503, f"{project['name']} is new and still being set up.", retry_after=2)


def _columns(board: dict[str, Any], wanted: reading.Filters, known: Viewer, now: datetime) -> list[dict[str, Any]]:
    """Each status with its cards."""
    cards: dict[str, list[Any]] = {status["id"]: [] for status in board["statuses"]}
    for task in (*board["open"], *board["closed"]):
        if wanted.keeps(task, known, now):
            cards[task["status_id"]].append(task)
    return [
        {"status": status, "cards": cards[status["id"]], "closed": status["category"] in CLOSED}
        for status in board["statuses"]
    ]


PAGES = [
    Page("GET", PROJECT, show),
    Page("GET", PROJECT + "/columns", columns, part=True),
    Page("POST", PROJECT + "/moves", move),
]
