"""Changing a task's fields; and when somebody else did so in between, what they changed, and whose shall stay."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from punctual.http.dashboard import edits, history
from punctual.http.dashboard.client import Answer, api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.task.showing import PRIORITIES, page
from punctual.http.dashboard.people import People, optional
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, render, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer

CONFLICT = "task/conflict.html"
RECENT = 50
TRIES = 3


async def save(request: web.Request) -> web.Response:
    """Save what the form changed, or show a text as it would look."""
    form, key = Form.of(request), request.match_info["task"]
    which = "text" if "title" in form else "facts"
    if form["preview"]:
        return await page(request, again=which, form=form, preview=form["description"])
    here = f"/tasks/{key}"
    try:
        changes = edits.changes(form, (await viewer(request)).zone)
        if not changes:
            return redirect(request, here, "Nothing was changed.")
        answer, meanwhile = await _save(request, form, changes)
    except _Clash as clash:
        return await _choose(request, form, clash)
    except Problem as problem:
        form.reject(problem, *edits.typed(form))
        return await page(request, again=which, form=form)
    return settle(request, answer, here, f"Saved. In between: {'; '.join(meanwhile)}." if meanwhile else "Saved.")


class _Clash(Exception):
    """Somebody else changed the same fields."""

    def __init__(self, current: dict[str, Any], fields: list[str]) -> None:
        super().__init__(fields)
        self.current = current
        self.fields = fields


async def _save(request: web.Request, form: Form, changes: dict[str, Any]) -> tuple[Answer, list[str]]:
    """Save, also past what others changed elsewhere in it: what they did is told. Raises _Clash, Problem."""
    key, zone = request.match_info["task"], (await viewer(request)).zone
    version, meanwhile = edits.version(form), list[str]()
    for _ in range(TRIES):
        try:
            answer = await api(request).patch("task", f"/tasks/{key}", changes, version=version)
        except Problem as problem:
            if problem.status != 412 or not problem.current:
                raise
            current = dict(problem.current)
            if fields := edits.clashes(form, changes, current, zone):
                raise _Clash(current, fields) from None
            version, meanwhile = current["version"], await _meanwhile(request, form)
        else:
            return answer, meanwhile
    raise Problem(409, "Others change this task just now. Send it again.", code="busy")


async def _choose(request: web.Request, form: Form, clash: _Clash) -> web.Response:
    key, known = request.match_info["task"], await viewer(request)
    statuses, told = await gather(
        api(request).get("task", f"/projects/{key.rpartition('-')[0]}/statuses"),
        _meanwhile(request, form),
    )
    return await render(
        request,
        CONFLICT,
        412,
        key=key,
        form=form,
        task=clash.current,
        fields=[(name, edits.NAMES[name]) for name in clash.fields],
        theirs=edits.texts(clash.current, known.zone),
        marks=edits.marks(clash.current, known.zone),
        mine=edits.typed(form),
        told=told,
        statuses=statuses["items"],
        priorities=PRIORITIES,
    )


async def _meanwhile(request: web.Request, form: Form) -> list[str]:
    """What happened to the task since the form was shown, in sentences, the oldest first."""
    key, known = request.match_info["task"], await viewer(request)
    entries, members = await gather(
        optional(api(request).all("task", f"/tasks/{key}/history", RECENT, sort="-occurred_at", limit=RECENT), []),
        optional(api(request).all("project", f"/projects/{key.rpartition('-')[0]}/members"), []),
    )
    try:
        seen = datetime.fromisoformat(form["seen"])
        entries = [entry for entry in entries if datetime.fromisoformat(entry["occurred_at"]) > seen]
    except (ValueError, TypeError):
        entries = []
    people = People(members)
    await people.learn(request, history.people_in(entries))
    return [line.sentence for line in reversed(history.lines(entries, people, known, datetime.now(UTC)))]


PAGES = [Page("POST", "/tasks/{task}", save)]
