"""Templates to answers: the header that every page has, errors as pages, and redirects that stay here."""

import asyncio
import contextlib
import re
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import aiohttp_jinja2
from aiohttp import web
from markupsafe import Markup

from punctual.http.dashboard import appearance, flash, kept
from punctual.http.dashboard.client import Answer
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pieces import Frame, Piece, cut, gzipped, plain
from punctual.http.dashboard.problems import Problem, SignedOut
from punctual.http.dashboard.templating import hidden_fields, shown_to
from punctual.http.dashboard.viewer import NOBODY, Viewer, header, viewer
from punctual.kit import logs

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Kept for the way back, so that what was typed into a form is still there.
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding",
}
SMALL_BYTES = 1000
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_Header = asyncio.Task[tuple[Viewer, int | None]]
_HEADER = web.RequestKey("header", asyncio.Task)
_SINCE = web.RequestKey("since", int)


def prepare(request: web.Request) -> None:
    """Begin to ask for what the header shows, while the page asks for the rest."""
    request[_SINCE] = time.time_ns() // 1_000_000
    if request.method == "GET":
        task = request[_HEADER] = asyncio.create_task(header(request))
        # Looked at when the page is rendered; a page that isn't leaves it alone.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())


async def abandon(request: web.Request) -> None:
    """Stop asking: the answer has no header."""
    task: _Header | None = request.get(_HEADER)
    if task and not task.done():
        task.cancel()
        await asyncio.wait([task])


async def render(request: web.Request, template: str, status: int = 200, **context: Any) -> web.Response:
    """A page. Raises Problem when not even its header can be had."""
    known, unread = await _header(request)
    return _page(request, template, status, {**context, "viewer": known, "unread": unread})


async def fragment(request: web.Request, template: str, **context: Any) -> web.Response:
    """A part of a page, for the script that puts it there. Raises Problem."""
    return html(request, part(request, template, await viewer(request), **context))


def part(request: web.Request, template: str, known: Viewer, *, frame: bool = False, **context: Any) -> Markup:
    """A part of a page that is shown to this viewer; as a frame, it can be shown more than once."""
    with shown_to(request, known, frame=frame):
        text = aiohttp_jinja2.get_env(request.app).get_template(template).render(context)
    # What isn't markup was escaped by the template.
    return Markup(text)  # noqa: S704  # nosec B704


def html(request: web.Request, text: str, status: int = 200, pieces: Iterable[Piece | Frame] = ()) -> web.Response:
    """The answer that this HTML is, with the pieces that it has places for."""
    parts, headers = cut(text, pieces, lambda: hidden_fields(request)), dict(HEADERS)
    # At once, so that the length is known and the gateway needn't pass it on piece by piece.
    if sum(len(each.raw) for each in parts) > SMALL_BYTES and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzipped(parts)
        headers["Content-Encoding"] = "gzip"
    else:
        body = plain(parts)
    return web.Response(body=body, status=status, headers=headers, content_type="text/html", charset="utf-8")


async def problem_page(request: web.Request, problem: Problem) -> web.Response:
    """What went wrong and the way out, with as much of a header as can be had."""
    known, unread = NOBODY, None
    with contextlib.suppress(Problem, SignedOut):
        known, unread = await _header(request)
    shown = {"problem": problem, "request_id": logs.request_id(), "kept": kept.sent(request)}
    context = {**shown, "viewer": known, "unread": unread}
    response = _page(request, "problem.html", problem.status, context)
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


async def rejected(
    request: web.Request, problem: Problem, form: Form, template: str, *fields: str, **context: Any
) -> web.Response:
    """The same form again, with what was typed and what is wrong with it; `fields` are those that it shows."""
    form.reject(problem, *fields)
    return await render(request, template, form.status, form=form, **context)


def redirect(
    request: web.Request, location: str, sentence: str = "", *, kind: str = "done", undo: str = ""
) -> web.Response:
    """Go on to another page with GET, which shows the sentence, with a button that posts to `undo`."""
    response = web.Response(status=303, headers={**HEADERS, "Location": location})
    if sentence:
        flash.say(request, response, {"kind": kind, "sentence": sentence, "undo": undo})
    return response


def settle(request: web.Request, answer: Answer, location: str, sentence: str = "", *, undo: str = "") -> web.Response:
    """After a change: on to the next page; while it is pending, by way of the page that waits for it."""
    if answer.pending and answer.operation:
        waiting = f"/operations{answer.operation}"
        response = redirect(request, f"{waiting}?{urlencode({'then': location})}")
        if kept.keep(request, response, waiting):
            return response
        context = {"operation": {"state": "pending"}, "then": location, "kept": kept.sent(request)}
        return _page(request, "operation.html", 202, {**context, "viewer": NOBODY, "unread": None})
    return redirect(request, location, sentence, undo=undo)


def local(target: str | None, otherwise: str = "/") -> str:
    """The target of a redirect, if it is a path of this site; anything else is passed over."""
    return target if target and _LOCAL.fullmatch(target) else otherwise


async def _header(request: web.Request) -> tuple[Viewer, int | None]:
    task: _Header | None = request.get(_HEADER)
    return await (task or header(request))


def _page(request: web.Request, template: str, status: int, context: dict[str, Any]) -> web.Response:
    everywhere = {
        "path": request.path,
        "theme": appearance.theme(request),
        "said": flash.said(request),
        "next": local(request.path_qs),
        # What happens from now on, the page doesn't show.
        "since": request.get(_SINCE, ""),
    }
    shown = {**everywhere, **context}
    with shown_to(request, context["viewer"]):
        text = aiohttp_jinja2.render_string(template, request, shown)
    return html(request, text, status, [value for value in context.values() if isinstance(value, Piece | Frame)])
