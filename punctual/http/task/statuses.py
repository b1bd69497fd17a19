"""A project's statuses."""

from aiohttp import web

from punctual.actors.task import statuses as actors
from punctual.http.task.references import PROJECT, project_reference, seen_project
from punctual.kit import ids
from punctual.kit.dispatch import dispatch
from punctual.kit.responses import json_response
from punctual.kit.web import Route, fields, path_id
from punctual.queries.task import details as queries
from punctual.schemas import task as schemas


async def index(request: web.Request) -> web.Response:
    """List a project's statuses in order."""
    rows = await queries.statuses(await seen_project(request))
    return json_response({"items": rows, "next_cursor": None})


async def create(request: web.Request) -> web.Response:
    """Add a status to a project."""
    message = actors.create_status.message(project=project_reference(request), status_id=ids.uuid7(), **fields(request))
    return await dispatch(request, message)


async def update(request: web.Request) -> web.Response:
    """Change a status."""
    message = actors.update_status.message(
        project=project_reference(request), status_id=path_id(request), changes=fields(request)
    )
    return await dispatch(request, message)


async def delete(request: web.Request) -> web.Response:
    """Delete a status that no task is in."""
    message = actors.delete_status.message(project=project_reference(request), status_id=path_id(request))
    return await dispatch(request, message)


_STATUSES = PROJECT + "/statuses"
ROUTES = [
    Route("GET", _STATUSES, index, reply=schemas.Status, many=True),
    Route("POST", _STATUSES, create, body=schemas.StatusIn, reply=schemas.Status, status=201),
    Route("PATCH", _STATUSES + "/{id}", update, body=schemas.StatusIn, reply=schemas.Status),
    Route("DELETE", _STATUSES + "/{id}", delete, status=204),
]
