"""Pages that were asked for by a key which their project has no more: on to the same page by its present one."""

import re

from aiohttp import web

from punctual.http.dashboard.problems import Moved

_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}(-[1-9][0-9]{0,8})?")


def demand_present(request: web.Request, part: str, key: str) -> None:
    """Raises Moved where the part of the path called so (project or task) is an old key, and `key` the present one.

    Only where a browser goes from page to page: a form that was sent is answered, and a script that asks for the page
    again, because something changed, finds it where it looked.
    """
    asked = request.match_info[part]
    fetched = request.headers.get("Sec-Fetch-Dest", "document") != "document"
    if request.method != "GET" or fetched or asked == key or not _KEY.fullmatch(asked):
        return
    resource = request.match_info.route.resource
    assert resource is not None
    present = resource.url_for(**{**request.match_info, part: key})
    query = request.rel_url.raw_query_string
    raise Moved(f"{present}?{query}" if query else str(present))
