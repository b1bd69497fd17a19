"""The address in List-Unsubscribe: mail programs post to it (RFC 8058), people who open it are asked first."""

from aiohttp import web

from punctual.actors.notification import unsubscribing as actors
from punctual.kit.dispatch import dispatch
from punctual.kit.responses import json_response
from punctual.queries.notification import inbox, unsubscribing as queries

PAGE = "/unsubscriptions/"


async def read(request: web.Request) -> web.StreamResponse:
    """Read which e-mails a link switches off, and whether they come; browsers are sent to the page that asks."""
    token = request.match_info["token"]
    if "text/html" in request.headers.get("Accept", ""):
        return web.Response(status=303, headers={"Location": PAGE + token})
    link = actors.read(token)
    secret = await queries.secret(link.key)
    return json_response(actors.shown(link, secret, await inbox.preferences(link.user_id)))


async def unsubscribe(request: web.Request) -> web.Response:
    """Switch off the e-mails that a link is about; what the body says doesn't matter."""
    link = actors.read(request.match_info["token"])
    message = actors.unsubscribe.message(user_id=link.user_id, kind=link.kind, key=link.key, proof=link.proof)
    return await dispatch(request, message)
