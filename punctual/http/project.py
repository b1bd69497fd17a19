"""The project service: projects, members and invitations."""

import re
from datetime import UTC, datetime

from aiohttp import web

from punctual.actors.project import invitations, members, projects
from punctual.http import dead_letters, operations, queues
from punctual.kit import ids
from punctual.kit.dispatch import dispatch
from punctual.kit.errors import Forbidden, Invalid, NotFound
from punctual.kit.pagination import listing
from punctual.kit.responses import representation
from punctual.kit.web import Route, fields, page, path_id, query, user_id
from punctual.queries import Row, project as queries
from punctual.schemas import project as schemas
from punctual.schemas.fields import PROJECT_KEY, PageQuery


async def create(request: web.Request) -> web.Response:
    """Create a project; the caller becomes its owner."""
    return await dispatch(request, projects.create.message(project_id=ids.uuid7(), **fields(request)))


async def index(request: web.Request) -> web.Response:
    """List the caller's projects."""
    wanted = page(request)
    filters = {name: query(request).get(name) for name in ("archived", "q")}
    rows = await queries.projects(user_id(request), wanted, **filters)
    return listing(request, wanted, rows)


async def read(request: web.Request) -> web.Response:
    """Read a project."""
    row = await _visible(request)
    return representation(row["body"], row["version"])


async def update(request: web.Request) -> web.Response:
    """Change a project."""
    return await dispatch(request, projects.update.message(project=_reference(request), changes=fields(request)))


async def delete(request: web.Request) -> web.Response:
    """Delete a project with everything in it."""
    return await dispatch(request, projects.delete.message(project=_reference(request)))


async def archive(request: web.Request) -> web.Response:
    """Archive a project: it becomes read-only and its reminders stop."""
    return await dispatch(request, projects.archive.message(project=_reference(request), archived=True))


async def unarchive(request: web.Request) -> web.Response:
    """Make an archived project writable again."""
    return await dispatch(request, projects.archive.message(project=_reference(request), archived=False))


async def list_members(request: web.Request) -> web.Response:
    """List a project's members."""
    row = await _visible(request)
    wanted = page(request)
    return listing(request, wanted, await queries.members(row["id"], wanted))


async def set_member(request: web.Request) -> web.Response:
    """Add a member or change a member's role."""
    message = members.set_member.message(
        project=_reference(request), user_id=path_id(request, "user_id"), **fields(request)
    )
    return await dispatch(request, message)


async def remove_member(request: web.Request) -> web.Response:
    """Remove a member, or leave the project."""
    message = members.remove_member.message(project=_reference(request), user_id=path_id(request, "user_id"))
    return await dispatch(request, message)


async def list_invitations(request: web.Request) -> web.Response:
    """List a project's open invitations, for its administrators."""
    row = await _visible(request)
    if row["role"] not in ("owner", "admin"):
        raise Forbidden("This needs the project role admin or higher.")
    wanted = page(request)
    return listing(request, wanted, await queries.invitations(row["id"], wanted, datetime.now(UTC)))


async def invite(request: web.Request) -> web.Response:
    """Invite somebody by e-mail."""
    message = invitations.invite.message(project=_reference(request), invitation_id=ids.uuid7(), **fields(request))
    return await dispatch(request, message)


async def withdraw_invitation(request: web.Request) -> web.Response:
    """Withdraw an open invitation."""
    message = invitations.withdraw_invitation.message(project=_reference(request), invitation_id=path_id(request))
    return await dispatch(request, message)


async def accept_invitation(request: web.Request) -> web.Response:
    """Accept an invitation as the signed-in user."""
    token_hash = invitations.token_hash(request.match_info["token"])
    return await dispatch(request, invitations.accept_invitation.message(token_hash=token_hash))


def _reference(request: web.Request) -> str:
    reference = request.match_info["project"]
    if re.fullmatch(PROJECT_KEY, reference):
        return reference
    try:
        return str(path_id(request, "project"))
    except Invalid:
        raise Invalid("project in the path must be its id or its key, such as OPS.", field="project") from None


async def _visible(request: web.Request) -> Row:
    row = await queries.project(_reference(request), user_id(request))
    if row is None:
        raise NotFound(f"There is no project {_reference(request)}.")
    return row


_PROJECTS = "/api/v1/projects"
_PROJECT = _PROJECTS + "/{project}"
_INVITATIONS = _PROJECT + "/invitations"

ROUTES = [
    Route("POST", _PROJECTS, create, body=schemas.ProjectIn, reply=schemas.Project, status=201),
    Route(
        "GET", _PROJECTS, index,
        query=schemas.ProjectQuery, sorts=queries.PROJECT_SORTS, reply=schemas.Project, many=True,
    ),
    Route("GET", _PROJECT, read, reply=schemas.Project),
    Route("PATCH", _PROJECT, update, body=schemas.ProjectIn, reply=schemas.Project),
    Route("DELETE", _PROJECT, delete, status=204),
    Route("PUT", _PROJECT + "/archive", archive, reply=schemas.Project),
    Route("DELETE", _PROJECT + "/archive", unarchive, reply=schemas.Project),
    Route(
        "GET", _PROJECT + "/members", list_members,
        query=PageQuery, sorts=(queries.MEMBERS_BY_ID,), reply=schemas.Member, many=True,
    ),
    Route("PUT", _PROJECT + "/members/{user_id}", set_member, body=schemas.MemberIn, reply=schemas.Member),
    Route("DELETE", _PROJECT + "/members/{user_id}", remove_member, status=204),
    Route(
        "GET", _INVITATIONS, list_invitations,
        query=PageQuery, sorts=(queries.INVITATIONS_NEWEST,), reply=schemas.Invitation, many=True,
    ),
    Route("POST", _INVITATIONS, invite, body=schemas.InvitationIn, reply=schemas.Invitation, status=201),
    Route("DELETE", _INVITATIONS + "/{id}", withdraw_invitation, status=204),
    Route("PUT", "/api/v1/invitations/{token}", accept_invitation, reply=schemas.Joined),
    *operations.routes("project"),
    *dead_letters.routes("project"),
    *queues.routes("project"),
]  # fmt: skip
