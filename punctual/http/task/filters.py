"""Which tasks a list or a board is asked for."""

from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from punctual.domain.task.due import Due
from punctual.kit.web import query, user_id

DUE_BOUNDS = {"due_before": Due.parse, "due_after": Due.parse}


def read(request: web.Request) -> dict[str, Any]:
    """The filters of the query string: `me` as the caller's id, deadlines as instants."""
    filters = dict(query(request))
    if filters.get("assignee") == "me":
        filters["assignee"] = user_id(request)
    for name in DUE_BOUNDS:
        if name in filters:
            filters[name] = Due.parse(filters[name]).ends_at(ZoneInfo("UTC"))
    return filters
