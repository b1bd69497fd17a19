"""Dead letters: list, read, replay, discard; for administrators. The same for every service."""

from aiohttp import web
from marshmallow import fields

from punctual.kit.dispatch import dispatch
from punctual.kit.errors import NotFound
from punctual.kit.pagination import listing
from punctual.kit.plumbing import discard_dead_letter, replay_dead_letter
from punctual.kit.responses import json_response
from punctual.kit.web import SERVICE, Auth, Route, page, path_id
from punctual.queries import dead_letters as queries
from punctual.schemas.fields import Instant, PageQuery, Shape

_SORTS = (queries.NEWEST,)


class DeadLetter(Shape):
    """A message that was given up. `message` is what it said, without secrets; a list leaves it out."""

    id = fields.UUID()
    queue = fields.String()
    actor = fields.String(allow_none=True)
    error = fields.String()
    attempts = fields.Integer()
    died_at = Instant()
    message = fields.Dict(metadata={"optional": True})


async def index(request: web.Request) -> web.Response:
    """List a service's dead letters, newest first."""
    wanted = page(request)
    return listing(request, wanted, await queries.dead_letters(request.app[SERVICE], wanted))


async def read(request: web.Request) -> web.Response:
    """Read a dead letter with its message, secrets left out."""
    body = await queries.dead_letter(request.app[SERVICE], path_id(request))
    if body is None:
        raise NotFound(f"There is no dead letter {path_id(request)}.")
    return json_response(body.encode())


async def replay(request: web.Request) -> web.Response:
    """Send a dead letter's message once more, as new."""
    return await dispatch(request, replay_dead_letter(request.app[SERVICE], path_id(request)))


async def discard(request: web.Request) -> web.Response:
    """Drop a dead letter for good."""
    return await dispatch(request, discard_dead_letter(request.app[SERVICE], path_id(request)))


def routes(service: str) -> list[Route]:
    """The rows of a service's route table."""
    letters = f"/api/v1/dead-letters/{service}"
    return [
        Route("GET", letters, index, auth=Auth.ADMIN, query=PageQuery, sorts=_SORTS, reply=DeadLetter, many=True),
        Route("GET", letters + "/{id}", read, auth=Auth.ADMIN, reply=DeadLetter),
        Route("POST", letters + "/{id}/replays", replay, auth=Auth.ADMIN, status=204),
        Route("DELETE", letters + "/{id}", discard, auth=Auth.ADMIN, status=204),
    ]
