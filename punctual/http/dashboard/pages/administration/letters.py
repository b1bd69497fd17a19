"""Dead letters: messages that were given up, of every service. Read why, send them again, or drop them."""

import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from punctual.http.dashboard.client import api, gather
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import local, redirect, render
from punctual.http.dashboard.routing import For, Page
from punctual.kit.settings import SERVICES

PATH = "/administration/dead-letters"
EACH, PAGE, MOST = 20, 50, 200


async def index(request: web.Request) -> web.Response:
    """The newest of every service, or all of one."""
    only, cursor = request.query.get("service", ""), request.query.get("cursor")
    if only and only not in SERVICES:
        raise _nowhere()
    pages = await gather(*(_page(request, name, cursor, only) for name in ([only] if only else SERVICES)))
    letters = [letter for page in pages for letter in page["letters"]]
    return await render(
        request,
        "administration/dead_letters.html",
        letters=sorted(letters, key=lambda letter: letter["died_at"], reverse=True),
        away=[page["service"] for page in pages if page["away"]],
        more=[page["service"] for page in pages if page["cursor"]],
        cursor=pages[0]["cursor"] if only else None,
        only=only,
        services=SERVICES,
    )


async def show(request: web.Request) -> web.Response:
    """One, with its message; secrets are left out of that."""
    service = _service(request)
    letter = await api(request).get(service, f"/dead-letters/{service}/{request.match_info['id']}")
    message = json.dumps(letter["message"], indent=2, ensure_ascii=False)
    return await render(request, "administration/dead_letter.html", letter=letter, service=service, message=message)


async def settle_chosen(request: web.Request) -> web.Response:
    """Replay or discard all that were chosen."""
    form = Form.of(request)
    chosen = [tuple(name.split("/", 1)) for name in form.several("letter")][:MOST]
    if any(len(one) != 2 or one[0] not in SERVICES for one in chosen):
        raise _nowhere()
    back = local(form["next"], PATH)
    if not chosen:
        return redirect(request, back, "Nothing was chosen: mark the letters first.", kind="fault")
    results = await gather(*(_settle(request, form["action"], service, letter) for service, letter in chosen))
    return redirect(request, back, _sentence(form["action"], results), kind="done" if all(results) else "fault")


async def _page(request: web.Request, service: str, cursor: str | None, only: str) -> dict[str, Any]:
    try:
        page = await api(request).get(
            service, f"/dead-letters/{service}", limit=PAGE if only else EACH, cursor=cursor if only else None
        )
    except Problem as problem:
        if problem.status < 500:
            raise
        return {"service": service, "letters": [], "cursor": None, "away": True}
    letters = [{**letter, "service": service} for letter in page["items"]]
    return {"service": service, "letters": letters, "cursor": page["next_cursor"], "away": False}


async def _settle(request: web.Request, action: str, service: str, letter: str) -> bool:
    path = f"/dead-letters/{service}/{letter}"
    try:
        if action == "discard":
            await api(request).delete(service, path)
        else:
            await api(request).post(service, path + "/replays")
    except Problem as problem:
        if problem.status != 404:
            raise
        return False
    return True


def _sentence(action: str, results: Sequence[bool]) -> str:
    done, gone = results.count(True), results.count(False)
    said = [f"{done} {'discarded for good' if action == 'discard' else 'sent again'}."] if done else []
    return " ".join([*said, *([f"{gone} {'was' if gone == 1 else 'were'} gone already."] if gone else [])])


def _service(request: web.Request) -> str:
    service = request.match_info["service"]
    if service not in SERVICES:
        raise _nowhere()
    return service


def _nowhere() -> Problem:
    return Problem(404, "There is nothing at this address.", code="not_found")


PAGES = [
    Page("GET", PATH, index, For.ADMIN),
    Page("POST", PATH, settle_chosen, For.ADMIN),
    Page("GET", PATH + "/{service}/{id}", show, For.ADMIN),
]
