"""A project's board: all that a page of it shows, in one answer."""

from aiohttp import web

from punctual.http.task.filters import DUE_BOUNDS, read
from punctual.http.task.references import PROJECT, project_reference, seen_project
from punctual.kit.errors import NotFound
from punctual.kit.openapi import documented
from punctual.kit.responses import json_response
from punctual.kit.web import Route, user_id
from punctual.queries.task import board as queries
from punctual.schemas import task as schemas


@documented(conditional=True)
async def show(request: web.Request) -> web.Response:
    """Read a project's board: its statuses, people and tasks, without descriptions."""
    project, filters = project_reference(request), read(request)
    known = [tag.value for tag in request.if_none_match or ()]
    row = await queries.board(user_id(request), project, filters, known)
    if row is None:
        # A new project may be on its way.
        row = await queries.board(user_id(request), str(await seen_project(request)), filters, known)
    if row is None:
        raise NotFound(f"There is no project {project}.")
    headers = {"ETag": f'"{row["tag"]}"'}
    if row["body"] is None:
        return web.Response(status=304, headers=headers)
    return json_response(row["body"].encode(), headers=headers)


ROUTES = [
    Route("GET", PROJECT + "/board", show, query=schemas.BoardQuery, reply=schemas.Board, checks=DUE_BOUNDS),
]
