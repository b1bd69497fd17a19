"""Who follows a task."""

from aiohttp import web

from punctual.actors.task import tasks as actors
from punctual.http.task.references import TASK, seen_task, task_reference
from punctual.kit.dispatch import dispatch
from punctual.kit.responses import json_response
from punctual.kit.web import Route, path_id
from punctual.queries.task import details as queries
from punctual.schemas import task as schemas


async def index(request: web.Request) -> web.Response:
    """List who follows a task."""
    watchers = await queries.watchers(await seen_task(request))
    return json_response({"items": [{"user_id": user_id} for user_id in watchers], "next_cursor": None})


async def watch(request: web.Request) -> web.Response:
    """Follow a task, or make another member follow it."""
    message = actors.watch.message(task=task_reference(request), user_id=path_id(request, "user_id"), watching=True)
    return await dispatch(request, message)


async def unwatch(request: web.Request) -> web.Response:
    """Follow a task no more."""
    message = actors.watch.message(task=task_reference(request), user_id=path_id(request, "user_id"), watching=False)
    return await dispatch(request, message)


ROUTES = [
    Route("GET", TASK + "/watchers", index, reply=schemas.Watcher, many=True),
    Route("PUT", TASK + "/watchers/{user_id}", watch, status=204),
    Route("DELETE", TASK + "/watchers/{user_id}", unwatch, status=204),
]
