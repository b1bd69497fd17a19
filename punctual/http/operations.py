"""Operations: what became of a command that was answered with 202. The same for every service."""

from aiohttp import web
from marshmallow import fields

from punctual.kit.errors import NotFound
from punctual.kit.responses import json_response
from punctual.kit.web import SERVICE, Route, caller, path_id
from punctual.queries import operations as queries
from punctual.schemas.fields import Shape


class Operation(Shape):
    """A command's state: `result` once done, `problem` once rejected or failed."""

    id = fields.UUID()
    state = fields.String()
    result = fields.Raw(metadata={"optional": True})
    problem = fields.Raw(metadata={"optional": True})


async def read(request: web.Request) -> web.Response:
    """What became of an operation of the caller's; `pending` while it may still be queued."""
    operation_id = path_id(request)
    row = await queries.operation(request.app[SERVICE], operation_id)
    if row is None:
        return json_response({"id": operation_id, "state": "pending"})
    if row["user_id"] != caller(request).id:
        raise NotFound(f"There is no operation {operation_id}.")
    shown = "result" if row["state"] == "done" else "problem"
    return json_response({"id": operation_id, "state": row["state"], shown: row["outcome"]["body"]})


def routes(service: str) -> list[Route]:
    """The route table's row for a service's operations."""
    return [Route("GET", f"/api/v1/operations/{service}/{{id}}", read, reply=Operation)]
