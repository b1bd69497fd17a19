"""Tasks: create, list, read, change, complete, delete; their assignees and history."""

from typing import Any

from aiohttp import web

from punctual.actors.task import bulk, tasks as actors
from punctual.domain.task.due import Due
from punctual.http.task.filters import DUE_BOUNDS, read as read_filters
from punctual.http.task.references import (
    PROJECT,
    TASK,
    not_found,
    project_reference,
    seen_project,
    seen_task,
    task_reference,
)
from punctual.kit import ids
from punctual.kit.dispatch import dispatch
from punctual.kit.errors import Invalid
from punctual.kit.pagination import listing
from punctual.kit.responses import representation
from punctual.kit.web import Route, fields, page, path_id, user_id
from punctual.queries.task import details, tasks as queries
from punctual.schemas import task as schemas
from punctual.schemas.fields import PageQuery


async def create(request: web.Request) -> web.Response:
    """Create a task in a project."""
    message = actors.create.message(task_id=ids.uuid7(), project=project_reference(request), **fields(request))
    return await dispatch(request, message)


async def index(request: web.Request) -> web.Response:
    """List a project's tasks."""
    wanted = page(request)
    rows = await queries.tasks(user_id(request), wanted, _filters(request), project_reference(request))
    if not rows:
        # Nothing in it, or nothing that the caller may know of?
        await seen_project(request)
    return listing(request, wanted, rows)


async def index_all(request: web.Request) -> web.Response:
    """List the tasks of all the caller's projects."""
    wanted = page(request)
    return listing(request, wanted, await queries.tasks(user_id(request), wanted, _filters(request)))


async def read(request: web.Request) -> web.Response:
    """Read a task."""
    row = await queries.task(task_reference(request), user_id(request))
    if row is None:
        raise not_found(request)
    return representation(row["body"], row["version"])


async def update(request: web.Request) -> web.Response:
    """Change a task: what is absent stays, null clears."""
    return await dispatch(request, actors.update.message(task=task_reference(request), changes=fields(request)))


async def update_many(request: web.Request) -> web.Response:
    """Change up to 100 tasks of a project alike, as one command.

    Each is judged by itself: the answer says of each whether it was changed, was so already, or why it was
    rejected. What no task could take, such as a status of another project, rejects the whole command.
    """
    return await dispatch(request, bulk.update_many.message(project=project_reference(request), **fields(request)))


async def delete(request: web.Request) -> web.Response:
    """Delete a task."""
    return await dispatch(request, actors.delete.message(task=task_reference(request)))


async def assign(request: web.Request) -> web.Response:
    """Assign a task to a member of its project."""
    message = actors.assign.message(task=task_reference(request), user_id=path_id(request, "user_id"))
    return await dispatch(request, message)


async def unassign(request: web.Request) -> web.Response:
    """Take an assignee off a task."""
    message = actors.unassign.message(task=task_reference(request), user_id=path_id(request, "user_id"))
    return await dispatch(request, message)


async def complete(request: web.Request) -> web.Response:
    """Complete a task; its remaining reminders are cancelled."""
    return await dispatch(request, actors.complete.message(task=task_reference(request)))


async def reopen(request: web.Request) -> web.Response:
    """Reopen a closed task; its reminders are armed again."""
    return await dispatch(request, actors.reopen.message(task=task_reference(request)))


async def history(request: web.Request) -> web.Response:
    """List what happened to a task."""
    task_id = await seen_task(request)
    wanted = page(request)
    return listing(request, wanted, await details.history(task_id, wanted))


def _filters(request: web.Request) -> dict[str, Any]:
    filters = read_filters(request)
    if page(request).sort is queries.BY_RELEVANCE and not filters.get("q"):
        raise Invalid("sort=relevance needs something to search for: give q, or another sort.", field="sort")
    return filters


_DUE = {"due": Due.parse}
ROUTES = [
    Route("POST", PROJECT + "/tasks", create, body=schemas.TaskIn, reply=schemas.Task, status=201, checks=_DUE),
    Route(
        "GET", PROJECT + "/tasks", index,
        query=schemas.TaskQuery, sorts=queries.SORTS, reply=schemas.Task, many=True, checks=DUE_BOUNDS,
    ),
    Route("PATCH", PROJECT + "/tasks", update_many, body=schemas.BulkChange, reply=schemas.BulkOutcomes, whole=True),
    Route(
        "GET", "/api/v1/tasks", index_all,
        query=schemas.TaskQuery, sorts=queries.SORTS, reply=schemas.Task, many=True, checks=DUE_BOUNDS,
    ),
    Route("GET", TASK, read, reply=schemas.Task),
    Route("PATCH", TASK, update, body=schemas.TaskIn, reply=schemas.Task, checks=_DUE),
    Route("DELETE", TASK, delete, status=204),
    Route("PUT", TASK + "/assignees/{user_id}", assign, reply=schemas.Task),
    Route("DELETE", TASK + "/assignees/{user_id}", unassign, reply=schemas.Task),
    Route("PUT", TASK + "/completion", complete, reply=schemas.Task),
    Route("DELETE", TASK + "/completion", reopen, reply=schemas.Task),
    Route(
        "GET", TASK + "/history", history,
        query=PageQuery, sorts=details.HISTORY_SORTS, reply=schemas.History, many=True,
    ),
]  # fmt: skip
