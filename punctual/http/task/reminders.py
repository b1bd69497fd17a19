"""Reminder rules, and what is promised for a task."""

from aiohttp import web

from punctual.actors.task import reminders as actors
from punctual.domain.task.reminders import DEFAULT_RULES
from punctual.http.task.references import TASK, seen_task, task_reference
from punctual.kit.dispatch import dispatch
from punctual.kit.responses import json_response
from punctual.kit.web import Route, fields, user_id
from punctual.queries.task import details as queries
from punctual.schemas import task as schemas

_DEFAULTS = [rule.wire for rule in DEFAULT_RULES]


async def read_rules(request: web.Request) -> web.Response:
    """Read the caller's reminder rules for all their tasks."""
    own = await queries.rules(user_id(request))
    return json_response({"rules": _DEFAULTS if own is None else own, "own": own is not None})


async def set_rules(request: web.Request) -> web.Response:
    """Set the caller's reminder rules for all their tasks; null: the defaults again."""
    return await dispatch(request, actors.set_rules.message(**fields(request)))


async def read_task(request: web.Request) -> web.Response:
    """Read the caller's rules for a task, and who is reminded of it when."""
    task_id = await seen_task(request)
    own = await queries.rules(user_id(request), task_id)
    general = await queries.rules(user_id(request)) if own is None else None
    rules = own if own is not None else general if general is not None else _DEFAULTS
    items = await queries.reminders(task_id)
    return json_response({"rules": rules, "own": own is not None, "items": items})


async def set_task_rules(request: web.Request) -> web.Response:
    """Set the caller's reminder rules for one task; null: the general ones again."""
    return await dispatch(request, actors.set_task_rules.message(task=task_reference(request), **fields(request)))


_RULES = "/api/v1/reminder-rules"
ROUTES = [
    Route("GET", _RULES, read_rules, reply=schemas.Rules),
    Route("PUT", _RULES, set_rules, body=schemas.RulesIn, reply=schemas.Rules),
    Route("GET", TASK + "/reminders", read_task, reply=schemas.TaskReminders),
    Route("PUT", TASK + "/reminders", set_task_rules, body=schemas.RulesIn, reply=schemas.Rules),
]
