"""The caller's inbox."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from punctual.actors.notification import inbox
from punctual.kit.dispatch import dispatch
from punctual.kit.errors import NotFound
from punctual.kit.pagination import listing
from punctual.kit.responses import json_response
from punctual.kit.web import page, path_id, query, user_id
from punctual.queries.notification import inbox as queries

SORTS = (queries.NEWEST,)


async def index(request: web.Request) -> web.Response:
    """List the caller's notifications, newest first."""
    wanted = page(request)
    which: dict[str, Any] = {name: query(request).get(name) for name in ("unread", "muted", "after", "task_id")}
    return listing(request, wanted, await queries.notifications(user_id(request), wanted, **which))


async def groups(request: web.Request) -> web.Response:
    """List the caller's newest 5,000 notifications grouped by task, the last heard of first."""
    wanted = page(request)
    which: dict[str, Any] = {name: query(request).get(name) for name in ("unread", "after")}
    return listing(request, wanted, await queries.groups(user_id(request), wanted, **which))


async def read(request: web.Request) -> web.Response:
    """Read a notification; that doesn't mark it."""
    row = await queries.notification(user_id(request), path_id(request))
    if row is None:
        raise NotFound(f"There is no notification {path_id(request)}.")
    return json_response(row["body"].encode())


async def count(request: web.Request) -> web.Response:
    """Count what is unread."""
    return json_response({"unread": await queries.count_unread(user_id(request))})


async def mark_read(request: web.Request) -> web.Response:
    """Mark a notification read."""
    return await dispatch(request, inbox.mark.message(notification_id=path_id(request), read=True))


async def mark_unread(request: web.Request) -> web.Response:
    """Mark a notification unread."""
    return await dispatch(request, inbox.mark.message(notification_id=path_id(request), read=False))


async def read_all(request: web.Request) -> web.Response:
    """Mark everything read that has arrived up to now."""
    return await dispatch(request, inbox.mark_all.message(until=datetime.now(UTC)))
