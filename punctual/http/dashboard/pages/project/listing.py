"""A project as a list: a table that is sorted and filtered, and changes many tasks at once."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from yarl import URL

from punctual.http.dashboard.client import Answer, api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.project import filters as reading
from punctual.http.dashboard.pages.project.opening import PROJECT, opened, sentences
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer

# As many as one request may change.
ROWS = 100
SHOWN_REASONS = 3


async def show(request: web.Request) -> web.Response:
    """A page of the table."""
    if shorter := reading.shorter(request):
        return redirect(request, shorter)
    return await _table(request, request.query, Form())


async def change(request: web.Request) -> web.Response:
    """Change the chosen tasks alike; each is judged by itself."""
    form = Form.of(request)
    base = f"/projects/{request.match_info['project']}"
    back = local(form["next"], f"{base}/list")
    tasks, changes = form.several("tasks"), _changes(form)
    try:
        _demand(tasks, changes)
        answer = await api(request).patch("task", f"{base}/tasks", {"tasks": tasks, "changes": changes})
    except Problem as problem:
        form.status, form.fault = problem.status, sentences(problem)
        return await _table(request, _query_of(back), form)
    if answer.pending:
        return settle(request, answer, back)
    sentence, kind = _outcome(answer)
    return redirect(request, back, sentence, kind=kind)


async def _table(request: web.Request, query: Any, form: Form) -> web.Response:
    known, context = await gather(viewer(request), opened(request))
    wanted = reading.read(query)
    now = datetime.now(UTC)
    status = wanted.status or "open"
    by = {"category": None if status == "all" else status} if status in reading.CATEGORIES else {"status": status}
    page = await api(request).get(
        "task",
        f"/projects/{context['project']['key']}/tasks",
        sort=wanted.sort or "due",
        limit=ROWS,
        cursor=query.get("cursor"),
        **by,
        **wanted.asked(known, now),
    )
    return await render(
        request,
        "project/list.html",
        form.status,
        **context,
        tab="list",
        filters=wanted,
        form=form,
        # The project may have had another key when they were ticked.
        chosen={task.rpartition("-")[2] for task in form.several("tasks")},
        tasks=[task for task in page["items"] if wanted.keeps(task, known, now)],
        cursor=page["next_cursor"],
        first=not query.get("cursor"),
    )


def _demand(tasks: list[str], changes: dict[str, Any]) -> None:
    if not tasks:
        raise Problem(422, "Choose the tasks to change first: tick them in the list.")
    if not changes:
        raise Problem(422, "Choose what becomes of them: a status, priority, assignee or deadline.")


def _changes(form: Form) -> dict[str, Any]:
    changes: dict[str, Any] = {name: form[name] for name in ("status_id", "priority") if form[name]}
    if form["no_due"]:
        changes["due"] = None
    elif form["due"]:
        changes["due"] = form["due"]
    if form["assign"]:
        changes["add_assignees"] = [form["assign"]]
    if form["unassign"]:
        changes["remove_assignees"] = [form["unassign"]]
    return changes


def _outcome(answer: Answer) -> tuple[str, str]:
    """What became of them in one sentence, and whether it is a good one."""
    items = answer.body["items"]
    states = [item["state"] for item in items]
    said = [f"{_tasks(states.count('changed'))} changed"]
    if "unchanged" in states:
        said.append(f"{states.count('unchanged')} so already")
    refused = [f"{item['task']}: {item['problem']['detail']}" for item in items if item["state"] == "rejected"]
    if not refused:
        return f"{', '.join(said)}.", "done"
    reasons = " ".join(refused[:SHOWN_REASONS]) + (" …" if len(refused) > SHOWN_REASONS else "")
    return f"{', '.join(said)}, {len(refused)} refused. {reasons}", "fault"


def _tasks(count: int) -> str:
    return "1 task" if count == 1 else f"{count} tasks"


def _query_of(address: str) -> Any:
    return URL(address, encoded=True).query


PAGES = [
    Page("GET", PROJECT + "/list", show),
    Page("POST", PROJECT + "/list", change),
]
