"""The user service: profiles, roles, and who may come in."""

import asyncio
from uuid import UUID

from aiohttp import web

from punctual.actors.user import administration, profiles
from punctual.http import dead_letters, operations, queues
from punctual.kit.dispatch import dispatch
from punctual.kit.errors import Forbidden, NotFound, Unavailable
from punctual.kit.pagination import listing
from punctual.kit.responses import representation
from punctual.kit.web import Auth, Route, caller, fields, page, path_id, query, user_id
from punctual.queries import Row, user as queries
from punctual.schemas import user as schemas

REPLICATION_SECONDS = 1.0
PAUSE_SECONDS = 0.05


async def me(request: web.Request) -> web.Response:
    """Read one's own profile."""
    row = await _soon(user_id(request))
    return representation(row["body"], row["version"])


async def update_me(request: web.Request) -> web.Response:
    """Change one's own profile."""
    return await dispatch(request, profiles.update.message(changes=fields(request)))


async def read(request: web.Request) -> web.Response:
    """Read a person; the whole profile only if it is one's own, or as an administrator."""
    row = await queries.person(path_id(request), user_id(request))
    if row is None:
        raise NotFound(f"There is no person {path_id(request)}.")
    return representation(row["body"], row["version"])


async def index(request: web.Request) -> web.Response:
    """Find people by the beginning of a name or by their e-mail address (administrators: by its beginning)."""
    wanted = page(request)
    active, role = query(request)["active"], query(request).get("role")
    if (role or not active) and caller(request).role != "admin":
        raise Forbidden(
            "Only an administrator of this instance may list people by role, or those who were deactivated."
        )
    rows = await queries.people(user_id(request), wanted, q=query(request).get("q"), active=active, role=role)
    return listing(request, wanted, rows)


async def set_role(request: web.Request) -> web.Response:
    """Make somebody an administrator of this instance, or no longer one."""
    return await dispatch(request, administration.set_role.message(user_id=path_id(request), **fields(request)))


async def deactivate(request: web.Request) -> web.Response:
    """Shut somebody out: all sessions end, and nobody can assign them anything."""
    return await dispatch(request, administration.set_active.message(user_id=path_id(request), active=False))


async def reactivate(request: web.Request) -> web.Response:
    """Let somebody in again."""
    return await dispatch(request, administration.set_active.message(user_id=path_id(request), active=True))


async def _soon(person_id: UUID) -> Row:
    """One's own profile, which a new account gets a moment after it was made."""
    deadline = asyncio.get_running_loop().time() + REPLICATION_SECONDS
    while (row := await queries.person(person_id, person_id)) is None:
        if asyncio.get_running_loop().time() > deadline:
            raise Unavailable("Your profile isn't here yet; try again shortly.")
        await asyncio.sleep(PAUSE_SECONDS)
    return row


_USERS = "/api/v1/users"
_DEACTIVATION = _USERS + "/{id}/deactivation"

ROUTES = [
    Route(
        "GET", _USERS, index,
        query=schemas.PeopleQuery, sorts=(queries.BY_NAME,), reply=schemas.Person, many=True,
    ),
    Route("GET", _USERS + "/me", me, reply=schemas.Profile),
    Route("PATCH", _USERS + "/me", update_me, body=schemas.ProfileIn, reply=schemas.Profile),
    Route("GET", _USERS + "/{id}", read, reply=schemas.Person),
    Route("PUT", _USERS + "/{id}/role", set_role, auth=Auth.ADMIN, body=schemas.RoleIn, reply=schemas.Profile),
    Route("PUT", _DEACTIVATION, deactivate, auth=Auth.ADMIN, reply=schemas.Profile),
    Route("DELETE", _DEACTIVATION, reactivate, auth=Auth.ADMIN, reply=schemas.Profile),
    *operations.routes("user"),
    *dead_letters.routes("user"),
    *queues.routes("user"),
]  # fmt: skip
