"""Counts of tasks, for lists of projects and for boards."""

from aiohttp import web

from punctual.http.task.references import PROJECT, seen_project
from punctual.kit.pagination import listing
from punctual.kit.responses import json_response
from punctual.kit.web import Route, page, user_id
from punctual.queries.task import counts as queries
from punctual.schemas import task as schemas
from punctual.schemas.fields import PageQuery


async def by_project(request: web.Request) -> web.Response:
    """Count the open and the overdue tasks of each of the caller's projects."""
    wanted = page(request)
    return listing(request, wanted, await queries.by_project(user_id(request), wanted))


async def by_status(request: web.Request) -> web.Response:
    """Count the tasks in each status of a project, in the order of its board."""
    rows = await queries.by_status(user_id(request), await seen_project(request))
    return json_response({"items": rows, "next_cursor": None})


ROUTES = [
    Route(
        "GET", "/api/v1/task-counts", by_project,
        query=PageQuery, sorts=(queries.BY_PROJECT,), reply=schemas.ProjectCounts, many=True,
    ),
    Route("GET", PROJECT + "/task-counts", by_status, reply=schemas.StatusCounts, many=True),
]  # fmt: skip
