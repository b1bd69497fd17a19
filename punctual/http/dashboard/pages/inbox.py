"""The inbox: what one was told, by task, unread first; and why one did, or did not, get it."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import Answer, api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import forget

LIST = "inbox/list.html"
MOST_UNREAD = 200
EARLIER = 40
_REASONS = {
    "task.assigned": "It names you.",
    "task.unassigned": "It names you, or you watch the task.",
    "task.mentioned": "Somebody wrote your name with an @.",
    "task.due_soon": "A reminder rule of yours says so.",
    "task.due": "A reminder rule of yours says so.",
    "task.overdue": "A reminder rule of yours says so, and the task is still open.",
    "task.reminders_missed": "Reminders of yours came due while nothing could be sent.",
    "operation.failed": "You asked for it.",
    "notification.tested": "You asked for it.",
}
# There is nothing to go to, or not before the link in the e-mail was followed.
_GONE = ("task.deleted", "project.deleted", "project.member_removed", "project.invited")
Item = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    """Unread, then earlier ones; `task_id`: all about one task; `muted`: what the preferences keep out."""
    cursor, task_id = request.query.get("cursor"), request.query.get("task_id")
    call = api(request)
    common: dict[str, Any] = {"task_id": task_id, "first": cursor is None, "cause": cause}
    if task_id or request.query.get("muted"):
        which: dict[str, Any] = {"task_id": task_id} if task_id else {"muted": True}
        found = await call.get("notification", "/notifications", **which, limit=100, cursor=cursor)
        shown: dict[str, Any] = {"which": "task" if task_id else "muted", "new": [], "groups": _grouped(found["items"])}
        return await render(request, LIST, cursor=found["next_cursor"], **shown, **common)
    earlier, unread = await gather(
        call.get("notification", "/notification-groups", limit=EARLIER, cursor=cursor),
        call.all("notification", "/notifications", MOST_UNREAD, unread=True) if cursor is None else _nothing(),
    )
    groups = [
        {"items": [group["latest"]], "task_id": group["task_id"], "total": group["total"], "unread": 0}
        for group in earlier["items"]
        if not group["unread"]
    ]
    shown = {"which": "inbox", "new": _grouped(unread), "groups": groups}
    return await render(request, LIST, cursor=earlier["next_cursor"], **shown, **common)


async def why(request: web.Request) -> web.Response:
    """What became of a notification on each channel."""
    path = f"/notifications/{request.match_info['id']}"
    told, deliveries = await gather(
        api(request).get("notification", path), api(request).get("notification", f"{path}/deliveries")
    )
    return await render(request, "inbox/why.html", told=told, deliveries=deliveries["items"], cause=cause(told),
                        reason=_reason(told["kind"]))  # fmt: skip


async def read(request: web.Request) -> web.Response:
    """Mark one, all of a task, or everything as read; with `undo` one as unread."""
    form = Form.of(request)
    back = local(form["next"], "/inbox")
    if form["all"]:
        answer = await api(request).put("notification", "/notifications/reading")
        forget(request)
        return settle(request, answer, back, "Everything is marked as read.")
    if form["undo"]:
        answer = await api(request).delete("notification", f"/notifications/{form['undo']}/reading")
    elif form["task"]:
        found = await api(request).get(
            "notification", "/notifications", unread=True, task_id=form["task"], limit=MOST_UNREAD
        )
        answers = await gather(*(_mark(request, item["id"]) for item in found["items"]))
        if not answers:
            return redirect(request, back)
        answer = next((one for one in answers if one.pending), answers[0])
    else:
        answer = await _mark(request, form["id"])
    forget(request)
    return settle(request, answer, back)


async def count(request: web.Request) -> web.Response:
    """How many are unread, for the header of a page that has stood for a while."""
    found = await api(request).get("notification", "/notifications/count")
    return web.Response(text=str(found["unread"]), headers={"Cache-Control": "no-store"})


def cause(told: Item) -> str:
    """Where that is what a notification tells of; empty when it is gone."""
    data, kind = told["data"], told["kind"]
    if kind in _GONE:
        return ""
    if kind == "task.reminders_missed":
        return "/"
    if kind.startswith("task."):
        comment = data.get("comment_id")
        return f"/tasks/{data['key']}" + (f"#comment-{comment}" if comment else "")
    if kind == "operation.failed":
        return f"/operations/{data['service']}/{data['operation_id']}"
    return f"/projects/{data['project_key']}" if data.get("project_key") else ""


def _reason(kind: str) -> str:
    """Why a notification of this kind concerns somebody."""
    watching = (
        "You are assigned to the task, or watch it." if kind.startswith("task.") else "You belong to the project."
    )
    return _REASONS.get(kind, watching)


def _grouped(items: list[Item]) -> list[dict[str, Any]]:
    """By task, in the order of their newest; what is about no task stands alone."""
    groups: dict[str, dict[str, Any]] = {}
    for item in items:
        group = groups.setdefault(
            item["task_id"] or item["id"], {"items": [], "task_id": item["task_id"], "total": 0, "unread": 0}
        )
        group["items"].append(item)
        group["total"] += 1
        group["unread"] += item["read_at"] is None
    return list(groups.values())


async def _mark(request: web.Request, identity: str) -> Answer:
    if not identity:
        raise Problem(400, "This form is incomplete. Go back, reload the page, and send it again.", code="bad_form")
    return await api(request).put("notification", f"/notifications/{identity}/reading")


async def _nothing() -> list[Any]:
    return []


PAGES = [
    Page("GET", "/inbox", show),
    Page("POST", "/inbox", read),
    Page("GET", "/inbox/count", count),
    Page("GET", "/inbox/{id}", why),
]
