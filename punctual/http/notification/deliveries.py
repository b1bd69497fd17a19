"""Why somebody did, or did not, get something."""

from aiohttp import web

from punctual.kit.errors import Forbidden, NotFound
from punctual.kit.pagination import listing
from punctual.kit.responses import json_response
from punctual.kit.web import caller, page, path_id, query
from punctual.queries.notification import deliveries as queries

SORTS = (queries.NEWEST,)


async def of_notification(request: web.Request) -> web.Response:
    """List the deliveries of a notification of one's own; an administrator's of anybody."""
    asking = caller(request)
    items = await queries.of_notification(path_id(request), None if asking.role == "admin" else asking.id)
    if not items:
        raise NotFound(f"There is no notification {path_id(request)}.")
    return json_response(f'{{"items":[{",".join(items)}]}}'.encode())


async def index(request: web.Request) -> web.Response:
    """List one's own deliveries, newest first; an administrator's list has everybody's, and mails with secrets."""
    wanted, asking = page(request), caller(request)
    filters = {name: query(request).get(name) for name in ("user_id", "task_id", "state", "channel")}
    if asking.role != "admin":
        if filters["user_id"] not in (None, asking.id):
            raise Forbidden("Only an administrator of this instance may see what others were sent.")
        filters["user_id"] = asking.id
    return listing(request, wanted, await queries.deliveries(wanted, **filters))
