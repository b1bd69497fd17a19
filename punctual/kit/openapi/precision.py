"""What shapes alone don't say: which orders a list has, and that an answer has all its fields."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

from punctual.kit.openapi.components import QUERY

if TYPE_CHECKING:
    from punctual.kit.web import Route


def complete(document: dict[str, Any], service: str, routes: Iterable["Route"]) -> None:
    """Make the document of these routes as precise as the service is."""
    shapes = document["components"]["schemas"]
    for route in routes:
        for parameter in document["paths"][route.path][route.method.lower()]["parameters"]:
            if parameter.get("in") == "query":
                _explain(parameter, route)
        for form in getattr(route.handler, "openapi_form", None) or ():
            # What a form doesn't know it passes over, but no field may come twice.
            shapes[f"{service}.{form.__name__}"]["additionalProperties"] = {"type": "string"}
        for reply in _replies(route.reply):
            shape = shapes[f"{service}.{reply.__name__}"]
            if always := _always_told(reply):
                shape["required"] = always
    for name, shape in shapes.items():
        if name.endswith("Patch"):
            # What a PATCH leaves out stays as it is, it doesn't become the default.
            for part in shape["properties"].values():
                part.pop("default", None)


def _explain(parameter: dict[str, Any], route: "Route") -> None:
    name = parameter["name"]
    if name in QUERY:
        parameter.setdefault("description", QUERY[name])
    if name == "sort" and route.sorts:
        names = [sort.name for sort in route.sorts]
        parameter["schema"] = {"type": "string", "enum": names, "default": names[0]}


def _replies(reply: type[Schema] | None) -> Iterator[type[Schema]]:
    if reply is None:
        return
    yield reply
    for field in reply().fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from _replies(type(inner.schema))


def _always_told(reply: type[Schema]) -> list[str]:
    return [field.data_key or name for name, field in reply().fields.items() if not field.metadata.get("optional")]
