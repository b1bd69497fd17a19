"""The queues of a service as they stand, for administrators. The same for every service."""

from aiohttp import web
from dramatiq.common import dq_name, xq_name
from marshmallow import fields

from punctual.kit.broker import MAIL
from punctual.kit.responses import json_response
from punctual.kit.web import BUS, SERVICE, Auth, Route
from punctual.schemas.fields import Shape


class Queue(Shape):
    """How many messages wait, wait for their next try, and were given up; and how many workers' threads read it."""

    name = fields.String()
    messages = fields.Integer()
    delayed = fields.Integer()
    dead = fields.Integer()
    consumers = fields.Integer()


async def index(request: web.Request) -> web.Response:
    """List a service's queues with what waits in them; a queue that nobody declared yet is missing."""
    service, bus = request.app[SERVICE], request.app[BUS]
    names = [service, f"{service}.events", *([MAIL] if service == "notification" else [])]
    items = []
    for name in names:
        if state := await bus.depth(name):
            delayed, dead = await bus.depth(dq_name(name)), await bus.depth(xq_name(name))
            items.append(
                {
                    "name": name,
                    "messages": state[0],
                    "delayed": delayed[0] if delayed else 0,
                    "dead": dead[0] if dead else 0,
                    "consumers": state[1],
                }
            )
    return json_response({"items": items, "next_cursor": None})


def routes(service: str) -> list[Route]:
    """The rows of a service's route table."""
    return [Route("GET", f"/api/v1/queues/{service}", index, auth=Auth.ADMIN, reply=Queue, many=True)]
