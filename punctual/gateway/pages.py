"""The page of the API: an OpenAPI document as plain HTML, without any script."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

_COMPONENT = re.compile(r"#/components/(\w+)/(.+)")
_templates = Environment(
    loader=PackageLoader("punctual.gateway"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter or a property: its name, what it is, and what there is to say."""

    name: str
    type: Markup
    required: bool = False
    place: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its status, what it means and its shape."""

    status: str
    description: str
    type: Markup


@dataclass(frozen=True, slots=True)
class Operation:
    """A method on a path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    open: bool
    parameters: Sequence[Line]
    body: Markup
    answers: Sequence[Answer]


def render(document: Mapping[str, Any], missing: Sequence[str] = ()) -> bytes:
    """The page; `missing` names the services whose part isn't there."""
    groups: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            group = (operation.get("tags") or ["other"])[0]
            groups.setdefault(group, []).append(_operation(document, method, path, operation))
    schemas = document.get("components", {}).get("schemas", {})
    shapes = {name: _properties(schema) for name, schema in sorted(schemas.items())}
    page = _templates.get_template("docs.html").render(
        info=document["info"], groups=groups, shapes=shapes, schemas=schemas, missing=missing
    )
    return page.encode()


def _operation(document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    return Operation(
        id=operation.get("operationId") or f"{method}{path}",
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        open=not operation.get("security") or {} in operation["security"],
        parameters=[_parameter(_resolved(document, part)) for part in operation.get("parameters", ())],
        body=_content(_resolved(document, operation.get("requestBody", {}))),
        answers=[
            _answer(status, _resolved(document, answer)) for status, answer in operation.get("responses", {}).items()
        ],
    )


def _parameter(parameter: Mapping[str, Any]) -> Line:
    return Line(
        parameter["name"],
        _type(parameter.get("schema", {})),
        parameter.get("required", False),
        parameter["in"],
        parameter.get("description", ""),
    )


def _answer(status: str, answer: Mapping[str, Any]) -> Answer:
    headers = ", ".join(answer.get("headers", ()))
    description = answer.get("description", "")
    return Answer(status, f"{description} (with {headers})" if headers else description, _content(answer))


def _properties(schema: Mapping[str, Any]) -> list[Line]:
    required = schema.get("required", ())
    return [
        Line(name, _type(part), name in required, description=part.get("description", ""))
        for name, part in schema.get("properties", {}).items()
    ]


def _content(holder: Mapping[str, Any]) -> Markup:
    lines = [
        Markup("{} <span class=media>{}</span>").format(_type(content.get("schema", {})), media)
        for media, content in holder.get("content", {}).items()
    ]
    return Markup(" or ").join(lines)


def _type(schema: Mapping[str, Any]) -> Markup:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#shape-{0}">{0}</a>').format(name)
    for joint in ("anyOf", "oneOf", "allOf"):
        if joint in schema:
            return Markup(" or ").join(_type(_typed(part, schema)) for part in schema[joint])
    if "enum" in schema:
        return Markup(" | ").join(Markup("<code>{}</code>").format(value) for value in schema["enum"])
    if "const" in schema:
        return Markup("<code>{}</code>").format(schema["const"])
    if "items" in schema:
        return Markup("list of {}").format(_type(schema["items"]))
    if "next_cursor" in schema.get("properties", {}):
        return Markup("page of {}").format(_type(schema["properties"]["items"]["items"]))
    return escape(_plain_type(schema))


def _typed(part: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of a choice with the type that stands beside the choice, where it has none of its own."""
    if not {"type", "const", "enum", "$ref"}.isdisjoint(part):
        return part
    types = whole.get("type", "any")
    return {"type": types if isinstance(types, str) else [each for each in types if each != "null"], **part}


def _plain_type(schema: Mapping[str, Any]) -> str:
    types = schema.get("type", "any")
    words = [types] if isinstance(types, str) else list(types)
    text = " or ".join(words)
    if "format" in schema:
        text += f" ({schema['format']})"
    bounds = [
        f"{word} {schema[key]}"
        for key, word in (
            ("minLength", "from"),
            ("maxLength", "up to"),
            ("minimum", "from"),
            ("maximum", "up to"),
        )
        if schema.get(key)
    ]
    unit = " characters" if "maxLength" in schema else ""
    return f"{text}, {' '.join(bounds)}{unit}" if bounds else text


def _resolved(document: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    match = _COMPONENT.fullmatch(part.get("$ref", ""))
    if match is None:
        return part
    found: Mapping[str, Any] = document["components"][match[1]][match[2]]
    return found
