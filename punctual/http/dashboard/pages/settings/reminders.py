"""When one is reminded of the tasks that one is assigned to."""

from typing import Any

from aiohttp import web

from punctual.http.dashboard import durations
from punctual.http.dashboard.client import Answer, api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import rejected, render, settle
from punctual.http.dashboard.routing import Page

PATH = "/settings/reminders"
TEMPLATE = "settings/reminders.html"
BLANK = {"amount": "2", "unit": "days", "side": "before"}


async def show(request: web.Request) -> web.Response:
    """The rules in plain words, in the order in which they come."""
    return await render(request, TEMPLATE, form=Form(BLANK), **_shown(await _rules(request)))


async def change(request: web.Request) -> web.Response:
    """Add a rule, remove one, or go back to the defaults."""
    form = Form.of(request)
    rules = await _rules(request)
    try:
        answer, sentence = await _change(request, form, rules["rules"])
    except Problem as problem:
        # The API judges the rules as a whole; here it is the one just given that doesn't fit.
        if "rules" in problem.errors:
            problem.errors["amount"] = problem.errors.pop("rules")
        return await rejected(request, problem, form, TEMPLATE, "amount", **_shown(rules))
    return settle(request, answer, PATH, sentence)


async def _change(request: web.Request, form: Form, rules: list[str]) -> tuple[Answer, str]:
    if form["defaults"]:
        return await _put(request, None), "The usual reminders hold again."
    if form["remove"]:
        left = [rule for rule in rules if rule != form["remove"]]
        return await _put(request, left), f"Removed: {durations.words(form['remove'])}."
    rule = durations.rule_of(form["amount"], form["unit"], form["side"])
    if rule is None:
        raise Problem(422, durations.NO_AMOUNT, errors={"amount": [durations.NO_AMOUNT]})
    return await _put(request, [*rules, rule]), f"Added: {durations.words(rule)}."


async def _put(request: web.Request, rules: list[str] | None) -> Answer:
    return await api(request).put("task", "/reminder-rules", {"rules": rules})


async def _rules(request: web.Request) -> dict[str, Any]:
    found: dict[str, Any] = await api(request).get("task", "/reminder-rules")
    return found


def _shown(rules: dict[str, Any]) -> dict[str, Any]:
    return {"rules": [(rule, durations.words(rule)) for rule in rules["rules"]], "own": rules["own"]}


PAGES = [Page("GET", PATH, show), Page("POST", PATH, change)]
