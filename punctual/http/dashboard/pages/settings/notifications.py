"""What one wants to hear of, how, and when: a table of kinds and channels, and the times of e-mails."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard import kinds
from punctual.http.dashboard.client import Answer, api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.settings import times
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import rejected, render, settle
from punctual.http.dashboard.routing import Page

PATH = "/settings/notifications"
TEMPLATE = "settings/notifications.html"
OTHERS = "Others"


async def show(request: web.Request) -> web.Response:
    """All of it as it holds now."""
    return await render(request, TEMPLATE, form=Form(), **_shown(await _preferences(request)))


async def change(request: web.Request) -> web.Response:
    """Save all of the table, or go back to the defaults."""
    form, preferences = Form.of(request), await _preferences(request)
    known = [item["kind"] for item in preferences["items"]]
    items = [{"kind": kind} | {name: kind in form.several(name) for name in kinds.CHANNELS} for kind in known]
    try:
        answer = await _put(request, {"items": [] if form["defaults"] else items})
    except Problem as problem:
        return await rejected(request, problem, form, TEMPLATE, **_shown({**preferences, "items": items}))
    return settle(request, answer, PATH, "The usual choices hold again." if form["defaults"] else "Saved.")


async def set_times(request: web.Request) -> web.Response:
    """Save when e-mails come; the table stays."""
    form, preferences = Form.of(request), await _preferences(request)
    try:
        answer = await _put(request, {"items": preferences["items"], **times.chosen(form)})
    except Problem as problem:
        form.reject(problem, *times.FIELDS)
        return await render(request, TEMPLATE, form.status, form=Form(), **{**_shown(preferences), "times": form})
    return settle(request, answer, PATH, "Saved.")


async def _preferences(request: web.Request) -> dict[str, Any]:
    found: dict[str, Any] = await api(request).get("notification", "/notification-preferences")
    return found


async def _put(request: web.Request, body: dict[str, Any]) -> Answer:
    return await api(request).put("notification", "/notification-preferences", body)


def _shown(preferences: dict[str, Any]) -> dict[str, Any]:
    return {
        **_table(preferences["items"]),
        "times": times.form_of(preferences),
        "days": times.DAYS,
        "rhythms": times.RHYTHMS,
    }


def _table(items: list[Any]) -> dict[str, Any]:
    by_kind = {item["kind"]: item for item in items}
    groups = [
        (title, [(by_kind.pop(kind), name) for kind, name in named.items() if kind in by_kind])
        for title, named in kinds.GROUPS.items()
    ]
    others = [(item, kinds.name_of(kind)) for kind, item in by_kind.items()]
    return {"groups": [*groups, (OTHERS, others)] if others else groups, "channels": kinds.CHANNELS}


PAGES = [Page("GET", PATH, show), Page("POST", PATH, change), Page("POST", PATH + "/times", set_times)]
