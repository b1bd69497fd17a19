"""Quick add: a line understood as a task, for its writer to look at before it is one."""

from datetime import UTC, datetime
from uuid import UUID

from aiohttp import web

from punctual.domain.task.mentions import Member
from punctual.domain.task.quick_add import Place, named_keys, project_of, read
from punctual.domain.task.zones import zone_named
from punctual.kit.errors import Invalid
from punctual.kit.openapi import documented
from punctual.kit.responses import json_response
from punctual.kit.web import Route, fields, user_id
from punctual.queries.task import places as queries, visibility
from punctual.schemas import task as schemas


@documented(reads=True)
async def create(request: web.Request) -> web.Response:
    """Understand a line as a task; nothing is stored.

    Days (tomorrow, fri, next friday, in 3 days, 24 Dec, 24.12., 2026-12-24) and times (9:00, 9am, 17h) are its
    deadline, !high is its priority, @name an assignee, #OPS its project, "quoted text" only itself; the rest is
    its title. What isn't understood stays in the title and stands among the problems.
    """
    given = fields(request)
    place_id = await _place_id(request, given["project"])
    found = await queries.places(user_id(request), named_keys(given["text"]), place_id)
    places = [Place(**row) for row in found]
    project = project_of(given["text"], places) or next((place for place in places if place.id == place_id), None)
    wanted = project is not None and "@" in given["text"]
    members = [Member(**row) for row in await queries.members(project.id)] if project and wanted else []
    zone = zone_named(given["time_zone"] or await queries.time_zone(user_id(request)))
    now = datetime.now(UTC).astimezone(zone)
    draft = read(given["text"], now, places=places, project=project, members=members, me=user_id(request))
    return json_response(schemas.TaskDraft().dump(draft))


async def _place_id(request: web.Request, reference: str | None) -> UUID | None:
    if reference is None:
        return None
    found = await visibility.project_id(reference, user_id(request))
    if found is None:
        raise Invalid(f"There is no project {reference}.", field="project")
    return found


ROUTES = [
    Route("POST", "/api/v1/task-drafts", create, body=schemas.QuickAdd, reply=schemas.TaskDraft),
]
