"""What one wants to hear of, and how: a table of kinds and channels."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard import kinds
from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import rejected, render, settle
from punctual.http.dashboard.routing import Page

PATH = "/settings/notifications"
TEMPLATE = "settings/notifications.html"
OTHERS = "Others"


async def show(request: web.Request) -> web.Response:
    """The table as it holds now."""
    return await render(request, TEMPLATE, form=Form(), **_table(await _items(request)))


async def change(request: web.Request) -> web.Response:
    """Save all of it, or go back to the defaults."""
    form = Form.of(request)
    known = [item["kind"] for item in await _items(request)]
    items = [{"kind": kind} | {name: kind in form.several(name) for name in kinds.CHANNELS} for kind in known]
    try:
        body = {"items": [] if form["defaults"] else items}
        answer = await api(request).put("notification", "/notification-preferences", body)
    except Problem as problem:
        return await rejected(request, problem, form, TEMPLATE, **_table(items))
    return settle(request, answer, PATH, "The usual choices hold again." if form["defaults"] else "Saved.")


async def _items(request: web.Request) -> list[Any]:
    items: list[Any] = (await api(request).get("notification", "/notification-preferences"))["items"]
    return items


def _table(items: list[Any]) -> dict[str, Any]:
    by_kind = {item["kind"]: item for item in items}
    groups = [
        (title, [(by_kind.pop(kind), name) for kind, name in named.items() if kind in by_kind])
        for title, named in kinds.GROUPS.items()
    ]
    others = [(item, kinds.name_of(kind)) for kind, item in by_kind.items()]
    return {"groups": [*groups, (OTHERS, others)] if others else groups, "channels": kinds.CHANNELS}


PAGES = [Page("GET", PATH, show), Page("POST", PATH, change)]
