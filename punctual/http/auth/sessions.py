"""One's sessions, and for the other processes those whose tokens are refused."""

import asyncio
from datetime import UTC, datetime

from aiohttp import web

from punctual.actors.auth import sessions
from punctual.http.auth.keys import READ_SECONDS
from punctual.kit.dispatch import dispatch
from punctual.kit.errors import NotFound, Unavailable
from punctual.kit.pagination import listing
from punctual.kit.responses import json_response
from punctual.kit.web import VERIFIER, Auth, Route, caller, page, path_id, user_id
from punctual.queries import auth as queries
from punctual.schemas import auth as schemas
from punctual.schemas.fields import PageQuery


async def index(request: web.Request) -> web.Response:
    """List one's sessions."""
    wanted = page(request)
    rows = await queries.sessions(user_id(request), caller(request).session_id, wanted, datetime.now(UTC))
    return listing(request, wanted, rows)


async def read(request: web.Request) -> web.Response:
    """Read one of one's sessions."""
    session_id = path_id(request)
    row = await queries.session(session_id, user_id(request), caller(request).session_id, datetime.now(UTC))
    if row is None:
        raise NotFound(f"There is no session {session_id}.")
    return json_response(row["body"].encode())


async def end(request: web.Request) -> web.Response:
    """End one of one's sessions; its tokens are refused at once."""
    return await dispatch(request, sessions.end_session.message(session_id=path_id(request)))


async def end_others(request: web.Request) -> web.Response:
    """End all of one's sessions but the one that asks."""
    return await dispatch(request, sessions.end_other_sessions.message())


async def revocations(request: web.Request) -> web.Response:
    """Sessions and people whose access tokens are refused although they haven't expired.

    While the database is away, nothing can be revoked, and this process has heard of all that was.
    """
    denylist = request.app[VERIFIER].denylist
    try:
        async with asyncio.timeout(READ_SECONDS):
            items = await queries.revocations(datetime.now(UTC))
    except (Unavailable, TimeoutError) as error:
        if not denylist.seeded:
            raise Unavailable("The revocations can't be read right now; try again shortly.") from error
        items = [{"id": id_, "at": at} for id_, at in denylist]
    return json_response({"items": items})


_SESSIONS = "/api/v1/auth/sessions"

ROUTES = [
    Route(
        "GET", _SESSIONS, index,
        query=PageQuery, sorts=(queries.SESSIONS_NEWEST,), reply=schemas.Session, many=True,
    ),
    Route("DELETE", _SESSIONS, end_others, status=204),
    Route("GET", _SESSIONS + "/{id}", read, reply=schemas.Session),
    Route("DELETE", _SESSIONS + "/{id}", end, status=204),
    Route("GET", "/internal/revocations", revocations, auth=Auth.INTERNAL),
]  # fmt: skip
