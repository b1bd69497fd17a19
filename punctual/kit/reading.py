"""What a request says, checked: its query, the media type and the size of its body, JSON, and shapes."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from marshmallow import Schema, ValidationError

from punctual.kit import wire
from punctual.kit.errors import BadRequest, Invalid, InvalidFields, TooLarge, UnsupportedMediaType
from punctual.kit.openapi.operations import JSON, MERGE_PATCH

MAX_BODY_BYTES = 1024 * 1024
Checks = Mapping[str, Callable[[Any], object]]


def read_query(request: web.Request, schema: Schema | None, checks: Checks) -> dict[str, Any]:
    """The loaded query string; without a shape there is none. Raises InvalidFields."""
    given = request.query
    if schema is None:
        wrong = {name: ["Unknown field."] for name in given}
    else:
        wrong = {name: ["Must be given only once."] for name in given if len(given.getall(name)) > 1}
    if wrong:
        raise InvalidFields(wrong)
    return load(schema, dict(given), checks) if schema else {}


def demand_json(request: web.Request) -> None:
    """Raises UnsupportedMediaType for a body that says it is something else."""
    if "Content-Type" not in request.headers:
        return
    allowed = (JSON, MERGE_PATCH) if request.method == "PATCH" else (JSON,)
    if request.content_type not in allowed or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"The body must be JSON in UTF-8; send it as Content-Type: {JSON}.")


async def read_body(request: web.Request) -> bytes:
    """The body. Raises TooLarge."""
    too_large = TooLarge(f"The body is over the limit of {MAX_BODY_BYTES} bytes.")
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise too_large
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise too_large from None


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises BadRequest."""
    try:
        value = wire.loads(body)
    except ValueError as error:
        raise BadRequest(f"The body isn't valid JSON: {error}.") from None
    if not isinstance(value, dict):
        raise BadRequest("The body must be a JSON object.")
    return value


def load(schema: Schema, values: dict[str, Any], checks: Checks) -> dict[str, Any]:
    """What a shape makes of these values, if the checks raise no Invalid. Raises InvalidFields, for all at once."""
    errors: dict[str, Any] = {}
    loaded: Any
    try:
        loaded = schema.load(values)
    except ValidationError as error:
        errors, loaded = error.normalized_messages(), error.valid_data
    for name, check in checks.items():
        if name not in errors and loaded.get(name) is not None:
            try:
                check(loaded[name])
            except Invalid as invalid:
                errors[name] = [invalid.detail]
    if errors:
        raise InvalidFields(errors)
    return dict(loaded)
