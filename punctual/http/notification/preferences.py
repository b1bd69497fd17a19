"""What the caller wants to hear of, and how."""

from aiohttp import web

from punctual.actors.notification import preferences
from punctual.kit.dispatch import dispatch
from punctual.kit.responses import json_response
from punctual.kit.web import fields, user_id
from punctual.queries.notification import inbox as queries


async def read(request: web.Request) -> web.Response:
    """Read what holds for each kind of notification, and when e-mails come."""
    me = user_id(request)
    schedule = preferences.scheduled(await queries.schedule(me))
    return json_response(preferences.shown(await queries.preferences(me), schedule))


async def replace(request: web.Request) -> web.Response:
    """Replace the caller's preferences; kinds left out go back to their defaults, other parts stay."""
    given = dict(fields(request))
    return await dispatch(request, preferences.set_preferences.message(items=given.pop("items"), timing=given))
