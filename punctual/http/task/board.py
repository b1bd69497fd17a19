"""A project's board: all that a page of it shows, in one answer."""

from aiohttp import web

from punctual.http.task.filters import DUE_BOUNDS, read
from punctual.http.task.references import PROJECT, project_reference, seen_project
from punctual.kit.errors import NotFound
from punctual.kit.responses import json_response
from punctual.kit.web import Route, user_id
from punctual.queries.task import board as queries
from punctual.schemas import task as schemas


async def show(request: web.Request) -> web.Response:
    """Read a project's board: its statuses, people and tasks, without descriptions."""
    project, filters = project_reference(request), read(request)
    row = await queries.board(user_id(request), project, filters)
    if row is None:
        # A new project may be on its way.
        row = await queries.board(user_id(request), str(await seen_project(request)), filters)
    if row is None:
        raise NotFound(f"There is no project {project}.")
    return json_response(row["body"].encode())


ROUTES = [
    Route("GET", PROJECT + "/board", show, query=schemas.BoardQuery, reply=schemas.Board, checks=DUE_BOUNDS),
]
