"""What every page of one project shows: the project, its statuses, its people, and what the viewer may do there."""

import asyncio
from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.moving import demand_present
from punctual.http.dashboard.problems import Problem

# By key or id; nothing else gets as far as an address to go on to.
PROJECT = "/projects/{project:[A-Za-z0-9-]+}"
WRITERS = frozenset({"owner", "admin", "member"})
MANAGERS = frozenset({"owner", "admin"})
# A new project reaches the task service as an event; so often, and after such pauses, it is asked for again.
PATIENCE = (0.2, 0.5, 1.0)


async def opened(request: web.Request) -> dict[str, Any]:
    """The context of a page on the project in the path. Raises Problem, and Moved where that is a former key."""
    key = request.match_info["project"]
    project, statuses, members = await gather(
        api(request).get("project", f"/projects/{key}"),
        _statuses(request, key),
        api(request).all("project", f"/projects/{key}/members"),
    )
    demand_present(request, "project", project["key"])
    for pause in PATIENCE:
        if statuses is not None:
            break
        await asyncio.sleep(pause)
        statuses = await _statuses(request, key)
    if statuses is None:
        raise Problem(503, f"{project['name']} is new and still being set up.", retry_after=2)
    members.sort(key=lambda member: name_of(member).lower())
    return about(project, statuses, members)


def about(project: dict[str, Any], statuses: list[Any], members: list[dict[str, Any]]) -> dict[str, Any]:
    """The same of what is known of it already."""
    return {
        "project": project,
        "base": f"/projects/{project['key']}",
        "statuses": statuses,
        "members": members,
        "people": {member["user_id"]: name_of(member) for member in members},
        "may_write": project["role"] in WRITERS and not project["archived"],
        "may_manage": project["role"] in MANAGERS,
    }


def sentences(problem: Problem) -> str:
    """What is wrong, for a form whose fields have no room of their own for it."""
    return " ".join(sentence for said in problem.errors.values() for sentence in said) or problem.detail


def name_of(member: dict[str, Any]) -> str:
    """What to call a member, whose profile may not have arrived yet."""
    return str(member["display_name"] or "Somebody new")


async def _statuses(request: web.Request, key: str) -> list[Any] | None:
    try:
        page = await api(request).get("task", f"/projects/{key}/statuses")
    except Problem as problem:
        if problem.status == 404:
            return None
        raise
    items: list[Any] = page["items"]
    return items
