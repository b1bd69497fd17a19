"""The plain page on which caught e-mails are read."""

import re
from email.message import EmailMessage, MIMEPart
from importlib import resources

import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler
from markupsafe import Markup, escape

from punctual.commands.mail_catcher.mailbox import Mailbox, header

MAILBOX = web.AppKey("MAILBOX", Mailbox)
PAGE_SIZE = 100
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}

# Nothing loads but our own style sheet and, in a frame without rights, the e-mail's HTML part.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PART_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}

templates = jinja2.Environment(
    loader=jinja2.PackageLoader("punctual.commands.mail_catcher"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def application(mailbox: Mailbox) -> web.Application:
    """The web application that shows this mailbox."""
    app = web.Application(middlewares=[_loopback_only])
    app[MAILBOX] = mailbox
    app.router.add_get("/", show_list)
    app.router.add_get("/style.css", show_style)
    app.router.add_get("/messages/{name}", show_message)
    app.router.add_get("/messages/{name}/html", show_html_part)
    app.router.add_get("/messages/{name}/raw", show_raw)
    return app


@web.middleware
async def _loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    # A foreign page whose name was pointed at 127.0.0.1 could otherwise read tokens out of these e-mails.
    if request.url.host not in LOOPBACK_NAMES:
        raise web.HTTPMisdirectedRequest(text="Open this page by its loopback address.\n")
    return await handler(request)


async def show_list(request: web.Request) -> web.Response:
    messages, following = request.app[MAILBOX].page(request.query.get("before"), PAGE_SIZE)
    return _page("list.html", messages=messages, following=following, newest="before" not in request.query)


async def show_message(request: web.Request) -> web.Response:
    message = _message(request)
    text = message.get_body(("plain",))
    return _page(
        "message.html",
        name=request.match_info["name"],
        subject=header(message, "Subject") or "(no subject)",
        headers=[(name, header(message, name)) for name in dict.fromkeys(message.keys())],
        text=_linked(_content(text)) if text else None,
        has_html=message.get_body(("html",)) is not None,
    )


async def show_html_part(request: web.Request) -> web.Response:
    part = _message(request).get_body(("html",))
    if part is None:
        raise web.HTTPNotFound(text="This e-mail has no HTML part.\n")
    # Links open in a tab of their own: inside the frame they would be blocked.
    body = f'<base target="_blank">{_content(part)}'
    headers = {**HEADERS, "Content-Security-Policy": PART_POLICY}
    return web.Response(text=body, content_type="text/html", headers=headers)


async def show_raw(request: web.Request) -> web.Response:
    return web.Response(body=_raw(request), content_type="text/plain", charset="utf-8", headers=HEADERS)


async def show_style(_request: web.Request) -> web.Response:
    style = resources.files("punctual.commands.mail_catcher").joinpath("templates", "style.css").read_text()
    return web.Response(text=style, content_type="text/css", headers=HEADERS)


def _message(request: web.Request) -> EmailMessage:
    try:
        return request.app[MAILBOX].message(request.match_info["name"])
    except FileNotFoundError:
        raise web.HTTPNotFound(text="There is no such e-mail.\n") from None


def _raw(request: web.Request) -> bytes:
    try:
        return request.app[MAILBOX].raw(request.match_info["name"])
    except FileNotFoundError:
        raise web.HTTPNotFound(text="There is no such e-mail.\n") from None


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _linked(text: str) -> Markup:
    """Escaped text in which web addresses are links."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        address = escape(found[0])
        pieces += [
            escape(text[end : found.start()]),
            Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(address),
        ]
        end = found.end()
    return Markup().join([*pieces, escape(text[end:])])


def _page(template: str, **values: object) -> web.Response:
    body = templates.get_template(template).render(**values)
    headers = {**HEADERS, "Content-Security-Policy": PAGE_POLICY}
    return web.Response(text=body, content_type="text/html", headers=headers)
