"""A project's live stream: Server-Sent Events, one for each change of a task or status, for whoever may see them.

It names what was changed, not how: a reader asks for the task, so nobody is told more than they may read.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from aiohttp import web

from punctual.http.task.references import PROJECT, seen_project
from punctual.kit import wire
from punctual.kit.errors import Unavailable
from punctual.kit.feeds import Event, Feed, Follower
from punctual.kit.openapi import documented
from punctual.kit.streams import serve
from punctual.kit.web import Route, query, user_id
from punctual.queries.task import visibility
from punctual.schemas import events, task as schemas

CHANGES = (
    events.TASK_CREATED,
    events.TASK_UPDATED,
    events.TASK_ASSIGNED,
    events.TASK_UNASSIGNED,
    events.TASK_STATUS_CHANGED,
    events.TASK_COMPLETED,
    events.TASK_REOPENED,
    events.TASK_DUE_CHANGED,
    events.TASK_DELETED,
    events.TASK_COMMENTED,
    events.TASK_COMMENT_EDITED,
    events.TASK_COMMENT_DELETED,
)
STATUSES = (events.STATUS_CREATED, events.STATUS_UPDATED, events.STATUS_DELETED)
# They end the streams of those who are out.
ENDS = (events.PROJECT_MEMBER_REMOVED, events.PROJECT_DELETED)
# Something may have passed unheard: read anew what is shown.
MISSED = b"event: missed\ndata: {}\n\n"


def _project(event: Event) -> Iterable[UUID]:
    return (UUID(event["payload"]["project_id"]),)


FEED = Feed([event.name for event in (*CHANGES, *STATUSES, *ENDS)], _project)


@documented(media="text/event-stream")
async def stream(request: web.Request) -> web.StreamResponse:
    """Follow the changes of a project's tasks and statuses (text/event-stream), from now on."""
    project = await seen_project(request)
    return await serve(request, FEED, project, _Changes(project, user_id(request)), query(request).get("age"))


class _Changes:
    """One project's, as long as one person may see it."""

    def __init__(self, project: UUID, reader: UUID) -> None:
        self._project = project
        self._reader = reader

    async def begin(self) -> str:
        return ""

    async def news(self, follower: Follower) -> bytes | None:
        heard, missed = follower.take()
        if any(self._ends(event) for event in heard):
            return None
        if not heard and not await self._visible():
            return None
        return b"".join([MISSED if missed else b"", *map(_frame, heard)])

    def _ends(self, event: Event) -> bool:
        if event["name"] == events.PROJECT_MEMBER_REMOVED.name:
            return UUID(event["payload"]["user_id"]) == self._reader
        return bool(event["name"] == events.PROJECT_DELETED.name)

    async def _visible(self) -> bool:
        try:
            return await visibility.sees(self._project, self._reader)
        except Unavailable:
            return True


def _frame(event: dict[str, Any]) -> bytes:
    if event["name"] == events.PROJECT_MEMBER_REMOVED.name:
        return b""
    payload = event["payload"]
    kind, names = ("status", ("status_id",)) if "status_id" in payload else ("task", ("task_id", "key"))
    body = {
        **{name: payload[name] for name in names},
        "version": event["version"],
        "change": event["name"],
        "caller_id": event["caller"],
        "occurred_at": event["occurred_at"],
    }
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), wire.dumps(body))


ROUTES = [Route("GET", PROJECT + "/stream", stream, query=schemas.StreamQuery)]
