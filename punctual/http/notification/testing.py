"""Test notifications: send oneself one, and watch it come."""

from aiohttp import web

from punctual.actors.notification import testing as actors
from punctual.kit import ids
from punctual.kit.dispatch import dispatch
from punctual.kit.errors import NotFound
from punctual.kit.responses import json_response
from punctual.kit.web import path_id, user_id
from punctual.queries.notification import testing as queries


async def create(request: web.Request) -> web.Response:
    """Send oneself a test notification; it goes the whole way that a reminder goes."""
    return await dispatch(request, actors.begin_test.message(test_id=ids.uuid7()))


async def read(request: web.Request) -> web.Response:
    """Read how far a test of one's own has come, hop by hop."""
    test_id = path_id(request)
    row = await queries.test_of(user_id(request), test_id)
    if row is None:
        raise NotFound(f"There is no test {test_id}.")
    return json_response(actors.shown(test_id, **row))
