"""Tasks and projects in paths: by id or by key."""

import re
from uuid import UUID

from aiohttp import web

from punctual.kit.errors import Invalid, NotFound
from punctual.kit.web import path_id, user_id
from punctual.queries.task import visibility
from punctual.schemas.fields import PROJECT_KEY

PROJECT = "/api/v1/projects/{project}"
TASK = "/api/v1/tasks/{task}"


def project_reference(request: web.Request) -> str:
    """The project in the path. Raises Invalid for what is neither an id nor a key."""
    return _reference(request, "project", PROJECT_KEY, "OPS")


def task_reference(request: web.Request) -> str:
    """The task in the path. Raises Invalid for what is neither an id nor a key."""
    return _reference(request, "task", visibility.TASK_KEY.pattern, "OPS-12")


async def seen_project(request: web.Request) -> UUID:
    """The id of the project in the path, if the caller may see it. Raises NotFound."""
    found = await visibility.project_id(project_reference(request), user_id(request))
    if found is None:
        raise NotFound(f"There is no project {project_reference(request)}.")
    return found


async def seen_task(request: web.Request) -> UUID:
    """The id of the task in the path, if the caller may see it. Raises NotFound."""
    found = await visibility.task_id(task_reference(request), user_id(request))
    if found is None:
        raise not_found(request)
    return found


def not_found(request: web.Request) -> NotFound:
    """The same answer for what doesn't exist and for what may not be seen."""
    return NotFound(f"There is no task {task_reference(request)}.")


def _reference(request: web.Request, name: str, pattern: str, example: str) -> str:
    reference = request.match_info[name]
    if re.fullmatch(pattern, reference):
        return reference
    try:
        return str(path_id(request, name))
    except Invalid:
        raise Invalid(f"{name} in the path must be its id or its key, such as {example}.", field=name) from None
