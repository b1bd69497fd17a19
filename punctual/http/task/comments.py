"""Comments on a task."""

from aiohttp import web

from punctual.actors.task import comments as actors
from punctual.http.task.references import TASK, seen_task, task_reference
from punctual.kit import ids
from punctual.kit.dispatch import dispatch
from punctual.kit.pagination import listing
from punctual.kit.web import Route, fields, page, path_id
from punctual.queries.task import details as queries
from punctual.schemas import task as schemas
from punctual.schemas.fields import PageQuery


async def index(request: web.Request) -> web.Response:
    """List the comments on a task, oldest first."""
    task_id = await seen_task(request)
    wanted = page(request)
    return listing(request, wanted, await queries.comments(task_id, wanted))


async def create(request: web.Request) -> web.Response:
    """Comment on a task; @name mentions a member of its project."""
    message = actors.comment.message(task=task_reference(request), comment_id=ids.uuid7(), **fields(request))
    return await dispatch(request, message)


async def update(request: web.Request) -> web.Response:
    """Change one's own comment."""
    message = actors.edit_comment.message(
        task=task_reference(request), comment_id=path_id(request), changes=fields(request)
    )
    return await dispatch(request, message)


async def delete(request: web.Request) -> web.Response:
    """Delete a comment."""
    message = actors.delete_comment.message(task=task_reference(request), comment_id=path_id(request))
    return await dispatch(request, message)


_COMMENTS = TASK + "/comments"
ROUTES = [
    Route(
        "GET", _COMMENTS, index,
        query=PageQuery, sorts=(queries.COMMENTS_OLDEST,), reply=schemas.Comment, many=True,
    ),
    Route("POST", _COMMENTS, create, body=schemas.CommentIn, reply=schemas.Comment, status=201),
    Route("PATCH", _COMMENTS + "/{id}", update, body=schemas.CommentIn, reply=schemas.Comment),
    Route("DELETE", _COMMENTS + "/{id}", delete, status=204),
]  # fmt: skip
