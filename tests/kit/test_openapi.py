"""A service's OpenAPI document, from its routes and shapes."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from marshmallow import fields, validate

from punctual.kit.denylist import Denylist
from punctual.kit.openapi import describe, documented
from punctual.kit.pagination import Sort
from punctual.kit.runtime import Runtime
from punctual.kit.tokens import Verifier
from punctual.kit.web import Auth, Route, application
from punctual.schemas.fields import Line, PageQuery, Shape
from tests.support.services import published_keys


class NoteIn(Shape):
    """A note to write."""

    title = Line(required=True, most=20)
    colour = fields.String(load_default="red", validate=validate.OneOf(["red", "green"]), allow_none=True)


class Note(Shape):
    """A note."""

    id = fields.UUID()
    title = fields.String()
    place = fields.String(metadata={"optional": True})
    version = fields.Integer()


class TokenRequest(Shape):
    """What a token is asked for with."""

    grant_type = fields.String(required=True)


async def create(request: web.Request) -> web.Response:
    """Write a note.

    It is pinned
    to the wall.
    """
    return web.Response()


async def index(request: web.Request) -> web.Response:
    """List notes."""
    return web.Response()


async def change(request: web.Request) -> web.Response:
    """Change a note."""
    return web.Response()


@documented(form=(TokenRequest,))
async def token(request: web.Request) -> web.Response:
    """Get a token."""
    return web.Response()


@documented(media="text/event-stream")
async def stream(request: web.Request) -> web.Response:
    """Follow the notes."""
    return web.Response()


NEWEST = Sort("-id", (("id", "uuid"),), descending=True)
BY_TITLE = Sort("title", (("title", "text"), ("id", "uuid")))

ROUTES = [
    Route("POST", "/api/v1/projects/{project}/notes", create, body=NoteIn, reply=Note, status=201),
    Route("GET", "/api/v1/notes", index, query=PageQuery, sorts=(NEWEST, BY_TITLE), reply=Note, many=True),
    Route("PATCH", "/api/v1/notes/{id}", change, body=NoteIn, reply=Note),
    Route("DELETE", "/api/v1/notes/{id}", change, auth=Auth.ADMIN, status=204),
    Route("POST", "/api/v1/token", token, auth=Auth.OPEN),
    Route("GET", "/api/v1/notes/stream", stream),
    Route("GET", "/internal/notes", index, auth=Auth.INTERNAL),
]


@pytest.fixture(scope="module")
def document():
    return describe("note", ROUTES)


def test_it_has_every_route_but_the_internal_ones(document):
    assert document["openapi"] == "3.1.0"
    assert {(method, path) for path, operations in document["paths"].items() for method in operations} == {
        (route.method.lower(), route.path) for route in ROUTES[:-1]
    }


def test_summary_and_description_come_from_the_handler(document):
    operation = document["paths"]["/api/v1/projects/{project}/notes"]["post"]

    assert operation["summary"] == "Write a note"
    assert operation["description"] == "It is pinned to the wall."


def test_a_body_is_its_shape_and_refuses_unknown_fields(document):
    operation = document["paths"]["/api/v1/projects/{project}/notes"]["post"]
    shape = document["components"]["schemas"]["note.NoteIn"]

    assert operation["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/note.NoteIn"
    }
    assert shape["required"] == ["title"]
    assert shape["additionalProperties"] is False
    assert shape["properties"]["title"]["maxLength"] == 20
    assert shape["properties"]["colour"]["enum"] == ["red", "green", None]


def test_a_patch_requires_no_field_and_has_no_defaults(document):
    whole, patch = (document["components"]["schemas"][f"note.NoteIn{which}"] for which in ("", "Patch"))

    assert "required" not in patch
    assert whole["properties"]["colour"]["default"] == "red"
    assert "default" not in patch["properties"]["colour"]


def test_a_patch_may_say_that_it_is_one(document):
    body = document["paths"]["/api/v1/notes/{id}"]["patch"]["requestBody"]

    assert list(body["content"]) == ["application/json", "application/merge-patch+json"]


def test_an_answer_has_every_field_that_is_not_said_to_be_optional(document):
    shape = document["components"]["schemas"]["note.Note"]

    assert shape["required"] == ["id", "title", "version"]
    assert shape["additionalProperties"] is False


def test_an_answer_with_a_version_has_an_etag_and_what_was_created_a_location(document):
    created = document["paths"]["/api/v1/projects/{project}/notes"]["post"]["responses"]["201"]["headers"]

    assert {name: header["required"] for name, header in created.items()} == {"ETag": True, "Location": True}


def test_a_list_has_exactly_its_orders(document):
    parameters = {each["name"]: each for each in document["paths"]["/api/v1/notes"]["get"]["parameters"]}

    assert parameters["sort"]["schema"] == {"type": "string", "enum": ["-id", "title"], "default": "-id"}


def test_a_list_is_items_and_a_cursor(document):
    operation = document["paths"]["/api/v1/notes"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]

    assert schema["properties"]["items"]["items"] == {"$ref": "#/components/schemas/note.Note"}
    assert schema["properties"]["next_cursor"]["type"] == ["string", "null"]
    assert {parameter["name"] for parameter in operation["parameters"]} == {"limit", "cursor", "sort"}


def test_a_write_knows_its_headers_and_its_202(document):
    operation = document["paths"]["/api/v1/notes/{id}"]["patch"]
    references = {parameter.get("$ref", "").rpartition("/")[2] for parameter in operation["parameters"]}

    assert {"IdempotencyKey", "Prefer", "IfMatch"} <= references
    assert operation["responses"]["202"] == {"$ref": "#/components/responses/Accepted"}


def test_every_status_is_named_and_every_refusal_is_a_problem(document):
    for operations in document["paths"].values():
        for operation in operations.values():
            assert "4XX" not in operation["responses"]
            assert operation["responses"]["5XX"] == {"$ref": "#/components/responses/Fault"}
    for name in ("BadRequest", "NotFound", "UnprocessableEntity", "Fault"):
        assert list(document["components"]["responses"][name]["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("get", "/api/v1/notes", {"200", "400", "401", "403", "422", "429", "431"}),
        ("get", "/api/v1/notes/stream", {"200", "400", "401", "403", "422", "429", "431"}),
        (
            "post",
            "/api/v1/projects/{project}/notes",
            {"201", "202", "400", "401", "403", "404", "408", "409", "413", "415", "422", "429", "431"},
        ),
        (
            "delete",
            "/api/v1/notes/{id}",
            {"204", "202", "400", "401", "403", "404", "408", "409", "412", "413", "415", "422", "429", "431"},
        ),
        ("post", "/api/v1/token", {"200", "400", "408", "413", "415", "429", "431"}),
    ],
)
def test_an_operation_names_the_statuses_that_it_may_answer_with(document, method, path, statuses):
    assert set(document["paths"][path][method]["responses"]) == statuses | {"5XX"}


def test_open_routes_ask_for_no_token_and_others_do(document):
    assert document["paths"]["/api/v1/token"]["post"]["security"] == []
    assert document["paths"]["/api/v1/notes"]["get"]["security"] == [{"bearer": []}]
    assert "administrators" in document["paths"]["/api/v1/notes/{id}"]["delete"]["description"]


def test_a_form_is_described_as_one(document):
    operation = document["paths"]["/api/v1/token"]["post"]

    assert list(operation["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]
    assert operation["responses"]["400"] == {"$ref": "#/components/responses/OAuthError"}
    assert "202" not in operation["responses"]


def test_a_stream_has_its_media_type(document):
    operation = document["paths"]["/api/v1/notes/stream"]["get"]

    assert list(operation["responses"]["200"]["content"]) == ["text/event-stream"]


def test_names_of_operations_are_unique(document):
    names = [operation["operationId"] for operations in document["paths"].values() for operation in operations.values()]

    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere(document):
    def walk(value):
        if isinstance(value, dict):
            if "$ref" in value:
                _, _, kind, name = value["$ref"].split("/")
                assert name in document["components"][kind]
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(document)


async def test_a_service_serves_its_document():
    denylist = Denylist()
    runtime = Runtime(None, None, Verifier(published_keys, denylist), denylist, None)
    async with TestClient(TestServer(application("note", ROUTES, runtime))) as client:
        response = await client.get("/internal/openapi.json")

        assert response.status == 200
        assert set((await response.json())["paths"]) == {route.path for route in ROUTES[:-1]}
