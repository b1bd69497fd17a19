"""Whom a task concerns: its assignees and watchers, their reminders; and its end."""

from aiohttp import web

from punctual.http.dashboard import durations
from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.task.showing import page
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import redirect, settle
from punctual.http.dashboard.routing import Page
from punctual.http.dashboard.viewer import viewer


async def assign(request: web.Request) -> web.Response:
    """Add somebody, or with `remove` take somebody off."""
    form, key = Form.of(request), request.match_info["task"]
    here = f"/tasks/{key}"
    try:
        if form["remove"]:
            answer = await api(request).delete("task", f"{here}/assignees/{form['remove']}")
            return settle(request, answer, here, "Taken off the task.")
        if not form["user_id"]:
            return redirect(request, here, "Choose somebody to assign it to.", kind="fault")
        answer = await api(request).put("task", f"{here}/assignees/{form['user_id']}")
    except Problem as problem:
        form.reject(problem)
        return await page(request, again="people", form=form)
    return settle(request, answer, here, "Assigned.")


async def watch(request: web.Request) -> web.Response:
    """Follow the task, or with `undo` no more."""
    form, key = Form.of(request), request.match_info["task"]
    here, me = f"/tasks/{key}", (await viewer(request)).id
    if form["undo"]:
        answer = await api(request).delete("task", f"{here}/watchers/{me}")
        return settle(request, answer, here, "You don't watch this task any more.")
    answer = await api(request).put("task", f"{here}/watchers/{me}")
    return settle(request, answer, here, "You watch this task: you are told of what happens to it.")


async def remind(request: web.Request) -> web.Response:
    """Set one's own reminder rules for this task, or with `general` follow one's general ones again."""
    form, key = Form.of(request), request.match_info["task"]
    try:
        rules = None if form["general"] else _rules(form)
        answer = await api(request).put("task", f"/tasks/{key}/reminders", {"rules": rules})
    except Problem as problem:
        form.reject(problem)
        return await page(request, again="rules", form=form)
    sentence = "Your general reminder rules hold again." if form["general"] else "Your reminders for this task are set."
    return settle(request, answer, f"/tasks/{key}#reminders", sentence)


def _rules(form: Form) -> list[str]:
    """What is ticked, and what was added; the same twice is one wish."""
    rules = form.several("rule")
    if form["count"].strip():
        added = durations.rule_of(form["count"], form["unit"], form["side"])
        if added is None:
            raise Problem(422, durations.NO_AMOUNT, errors={"count": [durations.NO_AMOUNT]})
        rules.append(added)
    return list(dict.fromkeys(rules))


async def delete(request: web.Request) -> web.Response:
    """Delete the task for good."""
    key = request.match_info["task"]
    answer = await api(request).delete("task", f"/tasks/{key}")
    return settle(request, answer, f"/projects/{key.rpartition('-')[0]}", f"{key} is deleted.")


PAGES = [
    Page("POST", "/tasks/{task}/assignees", assign),
    Page("POST", "/tasks/{task}/watching", watch),
    Page("POST", "/tasks/{task}/reminders", remind),
    Page("POST", "/tasks/{task}/deletion", delete),
]
