"""The inbox: what one was told, by task, unread first; and why one did, or did not, get it."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web

from punctual.http.dashboard.client import Answer, api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.people import optional
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.told import brief, cause, reason
from punctual.http.dashboard.viewer import forget

LIST = "inbox/list.html"
NEW = 40
EARLIER = 40
LONG = 100
MOST_ITEMS = 200
SHOWN = 3
Item = dict[str, Any]
_WORDING = {"cause": cause, "brief": brief}


async def show(request: web.Request) -> web.Response:
    """What is unread, then earlier ones; `task_id`: all about one task; `muted`: what the preferences keep out."""
    if request.query.get("task_id") or request.query.get("muted"):
        return await _flat(request)
    unread, earlier = request.query.get("unread"), request.query.get("cursor")
    new: dict[str, Any] = {"items": [], "next_cursor": None}
    groups: list[Item] = []
    if earlier is None:
        new, items = await gather(
            _groups(request, unread=True, limit=NEW, cursor=unread),
            _items(request, unread=True, limit=MOST_ITEMS) if unread is None else _nothing(),
        )
        groups = [_filled(group, items) for group in new["items"]]
    # What was read comes when nothing unread is left to show.
    old = new if new["next_cursor"] else await _groups(request, limit=EARLIER, cursor=earlier)
    read_before = [] if old is new else [_filled(group, ()) for group in old["items"] if not group["unread"]]
    shown: dict[str, Any] = {"which": "inbox", "new": groups, "groups": read_before, "task_id": None, **_WORDING}
    following = f"unread={quote(new['next_cursor'])}" if new["next_cursor"] else ""
    if not following and old["next_cursor"]:
        following = f"cursor={quote(old['next_cursor'])}"
    return await render(request, LIST, 200, following=following, first=not (unread or earlier), **shown)


async def _flat(request: web.Request) -> web.Response:
    task_id, cursor = request.query.get("task_id"), request.query.get("cursor")
    which: dict[str, Any] = {"task_id": task_id} if task_id else {"muted": True}
    path = {"limit": LONG, "cursor": cursor}
    found = await api(request).get("notification", "/notifications", **which, **path)
    place = {"task_id": task_id} if task_id else {"muted": "1"}
    following = urlencode({**place, "cursor": found["next_cursor"]}) if found["next_cursor"] else ""
    shown: dict[str, Any] = {
        "which": "task" if task_id else "muted",
        "new": [],
        "groups": _grouped(found["items"]),
        **_WORDING,
    }
    return await render(request, LIST, 200, following=following, first=cursor is None, task_id=task_id, **shown)


async def _groups(request: web.Request, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = await api(request).get("notification", "/notification-groups", **query)
    return found


async def _items(request: web.Request, **query: Any) -> list[Item]:
    found: list[Item] = (await api(request).get("notification", "/notifications", **query))["items"]
    return found


async def why(request: web.Request) -> web.Response:
    """What became of a notification on each channel."""
    path = f"/notifications/{request.match_info['id']}"
    told, deliveries = await gather(
        api(request).get("notification", path), api(request).get("notification", f"{path}/deliveries")
    )
    return await render(request, "inbox/why.html", told=told, deliveries=deliveries["items"], cause=cause(told),
                        reason=reason(told["kind"]))  # fmt: skip


async def follow(request: web.Request) -> web.Response:
    """Go to what a notification tells of; it counts as read by that."""
    identity = request.match_info["id"]
    told = await api(request).get("notification", f"/notifications/{identity}")
    if told["read_at"] is None:
        await optional(_mark(request, identity))
        forget(request)
    return redirect(request, cause(told) or f"/inbox/{identity}")


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
        items = await _items(request, unread=True, task_id=form["task"], limit=MOST_ITEMS)
        answers = await gather(*(_mark(request, item["id"]) for item in items))
        if not answers:
            return redirect(request, back)
        answer = next((one for one in answers if one.pending), answers[0])
    else:
        answer = await _mark(request, form["id"])
    forget(request)
    return settle(request, answer, back)


def _filled(group: Item, items: Iterable[Item]) -> Item:
    """A group of the API with its newest few notifications, as far as they are known."""
    known = [item for item in items if item["task_id"] and item["task_id"] == group["task_id"]]
    return {**group, "items": known[:SHOWN] or [group["latest"]]}


def _grouped(items: Iterable[Item]) -> list[Item]:
    """Neighbours about the same task together; here all of them are shown."""
    groups: list[Item] = []
    for task_id, told in groupby(items, key=lambda item: item["task_id"]):
        several = list(told)
        unread = sum(item["read_at"] is None for item in several)
        parts = [several] if task_id else [[one] for one in several]
        groups += [{"items": part, "task_id": task_id, "total": len(part), "unread": unread} for part in parts]
    return groups


async def _mark(request: web.Request, identity: str) -> Answer:
    if not identity:
        raise Problem(400, "This form is incomplete. Go back, reload the page, and send it again.", code="bad_form")
    return await api(request).put("notification", f"/notifications/{identity}/reading")


async def _nothing() -> list[Any]:
    return []


PAGES = [
    Page("GET", "/inbox", show),
    Page("POST", "/inbox", read),
    Page("GET", "/inbox/{id}", why),
    Page("GET", "/inbox/{id}/cause", follow),
]
