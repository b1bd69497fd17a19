"""What was sent to whom, and why not: the deliveries of the whole instance."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from punctual.http.dashboard import kinds
from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import render
from punctual.http.dashboard.routing import For, Page

PATH = "/administration/deliveries"
TEMPLATE = "administration/deliveries.html"
PAGE, MATCHES = 50, 10
STATES = [("", "Any state"), *((state, name) for state, (name, _) in kinds.STATES.items())]
CHANNELS = [("", "Any channel"), *kinds.CHANNELS.items()]


async def index(request: web.Request) -> web.Response:
    """By person, state and channel. A person is found by name or e-mail address; of several one is chosen."""
    form = Form(request.query)
    matches = await _matches(request, form)
    user = form["user"] or (matches[0]["id"] if len(matches) == 1 else None)
    page: dict[str, Any] = {"items": [], "next_cursor": None}
    if user or not form["person"].strip():
        page = await _page(request, form, user)
    return await render(
        request,
        TEMPLATE,
        form=form,
        matches=[(person, _query(form, user=person["id"])) for person in matches] if not user else [],
        searched=bool(user or not form["person"].strip()),
        items=page["items"],
        people=await _people(request, page["items"]),
        cursor=page["next_cursor"],
        query=_query(form, user=user),
        states=STATES,
        channels=CHANNELS,
        words=kinds.STATES,
        name_of=kinds.name_of,
    )


async def _matches(request: web.Request, form: Form) -> list[Any]:
    typed = form["person"].strip()
    if not typed or form["user"]:
        return []
    active, inactive = await gather(
        api(request).get("user", "/users", q=typed, limit=MATCHES),
        api(request).get("user", "/users", q=typed, limit=MATCHES, active=False),
    )
    return [*active["items"], *inactive["items"]]


async def _page(request: web.Request, form: Form, user: str | None) -> dict[str, Any]:
    found: dict[str, Any] = await api(request).get(
        "notification",
        "/deliveries",
        user_id=user,
        state=form["state"] or None,
        channel=form["channel"] or None,
        limit=PAGE,
        cursor=form["cursor"] or None,
    )
    return found


async def _people(request: web.Request, items: list[Any]) -> dict[str, Any]:
    wanted = sorted({item["user_id"] for item in items if item["user_id"]})
    found = await gather(*(_person(request, user_id) for user_id in wanted))
    return {person["id"]: person for person in found if person}


async def _person(request: web.Request, user_id: str) -> Any:
    try:
        return await api(request).get("user", f"/users/{user_id}")
    except Problem:
        return None


def _query(form: Form, **changes: str | None) -> str:
    fields = {name: form[name] for name in ("person", "user", "state", "channel")} | changes
    return urlencode({name: value for name, value in fields.items() if value})


PAGES = [Page("GET", PATH, index, For.ADMIN)]
