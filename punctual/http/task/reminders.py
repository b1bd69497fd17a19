"""Reminder rules, and what is promised for a task."""

from uuid import UUID

from aiohttp import web

from punctual.actors.task import reminders as actors
from punctual.domain.task.reminders import (
    DEFAULT_RULES,
    Promise,
    ReminderState,
    lateness,
    parse_rule,
    parse_rules,
    rules_in_force,
)
from punctual.http.task.references import TASK, not_found, seen_task, task_reference
from punctual.kit.dispatch import dispatch
from punctual.kit.responses import json_response
from punctual.kit.web import Route, fields, user_id
from punctual.queries import Row
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
    """Read the caller's rules for a task, who is reminded of it when, and what became of it.

    What became of a fired reminder on its way to the person tell the deliveries with its `event_id`.
    """
    task_id = await seen_task(request)
    concern = await queries.concern(user_id(request), task_id)
    if concern is None:
        raise not_found(request)
    of_task, of_person = (
        parse_rules(concern[name]) if concern[name] is not None else None for name in ("of_task", "of_person")
    )
    in_force = rules_in_force(
        assigned=concern["assigned"], watching=concern["watching"], of_task=of_task, of_person=of_person
    )
    rules = [rule.wire for rule in in_force]
    return json_response({"rules": rules, "own": of_task is not None, "items": await _promises(task_id)})


async def _promises(task_id: UUID) -> list[Row]:
    rows = await queries.reminders(task_id)
    for row in rows:
        fired = row["state"] == ReminderState.FIRED
        promise = Promise(
            task_id, row["user_id"], parse_rule(row["rule"]), row["due_version"], row.pop("occurrence"), row["fire_at"]
        )
        row["event_id"] = promise.event_id if fired else None
        row["late_by"] = int(lateness(row["fire_at"], row["settled_at"]).total_seconds()) if fired else None
    return rows


async def set_task_rules(request: web.Request) -> web.Response:
    """Set the caller's reminder rules for one task; null: the general ones again."""
    return await dispatch(request, actors.set_task_rules.message(task=task_reference(request), **fields(request)))


_CHECKS = {"rules": parse_rules}
_RULES = "/api/v1/reminder-rules"
ROUTES = [
    Route("GET", _RULES, read_rules, reply=schemas.Rules),
    Route("PUT", _RULES, set_rules, body=schemas.RulesIn, reply=schemas.Rules, checks=_CHECKS),
    Route("GET", TASK + "/reminders", read_task, reply=schemas.TaskReminders),
    Route("PUT", TASK + "/reminders", set_task_rules, body=schemas.RulesIn, reply=schemas.Rules, checks=_CHECKS),
]
