"""The gateway's own refusals for people: a page that needs nothing from any service."""

import base64
import hashlib
from importlib.resources import files
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from punctual.gateway.routes import FOR_PROGRAMS
from punctual.kit import logs

TITLES = {
    400: "That can't be read",
    404: "Nothing here",
    405: "Not possible here",
    408: "That took too long",
    413: "Too much at once",
    429: "Too many requests",
    500: "That was our fault",
    502: "A part didn't answer",
    503: "Not available right now",
    504: "That took too long",
}
AGAIN = (408, 429, 502, 503, 504)
_STYLE = Markup(files("punctual.gateway").joinpath("templates/refusal.css").read_text(encoding="utf-8"))  # noqa: S704  # nosec B704
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
_templates = Environment(loader=PackageLoader("punctual.gateway"), autoescape=True)


def wants_page(request: web.Request) -> bool:
    """Whether a person's browser asks for a page of the dashboard."""
    first = request.path.lstrip("/").partition("/")[0]
    return first not in FOR_PROGRAMS and "text/html" in request.headers.get("Accept", "")


def page(request: web.Request, problem: dict[str, Any], headers: dict[str, str]) -> web.Response:
    """The problem as a page, with the same status and headers."""
    status = problem["status"]
    seconds = headers.get("Retry-After") or problem.get("retry_after")
    again = request.method == "GET" and status in AGAIN
    html = _templates.get_template("refusal.html").render(
        title=TITLES.get(status, "That didn't work"),
        problem=problem,
        advice=_advice(status, seconds, sent=request.method == "POST"),
        again=request.rel_url if again else "/",
        style=_STYLE,
        request_id=logs.request_id(),
    )
    retry = {"Retry-After": str(seconds)} if seconds else {}
    return web.Response(text=html, status=status, content_type="text/html", headers={**_HEADERS, **headers, **retry})


def _advice(status: int, seconds: Any, *, sent: bool) -> str:
    if status not in AGAIN:
        return "If a link brought you here, it is wrong; the start page leads to everything there is."
    wait = f"Wait {seconds} seconds." if seconds else "Wait a moment."
    if sent:
        return f"{wait} Then go back, and send the form again: what you typed is still in it. Nothing is done twice."
    return f"{wait} Then load this page again."
