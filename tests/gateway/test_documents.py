"""The API's description, merged from what the services tell."""

import re

from aiohttp import web

from punctual.gateway.documents import merge
from punctual.gateway.pages import _type, render
from punctual.gateway.routes import ROWS
from punctual.kit.openapi import describe
from punctual.kit.web import Auth, Route
from tests.gateway.conftest import Gateway, opened
from tests.gateway.stub import Stub


async def handler(request: web.Request) -> web.Response:
    """Do <b>something</b>."""
    return web.Response()


TASK = describe("task", [Route("GET", "/api/v1/tasks/{task}", handler), Route("GET", "/api/v1/hidden", handler)])
AUTH = describe("auth", [Route("POST", "/api/v1/auth/register", handler, auth=Auth.OPEN, status=201)])


def describing(stub: Stub, document: dict) -> None:
    async def answer(request):
        found = request.path == "/internal/openapi.json"
        return web.json_response(document) if found else web.Response(status=404)

    stub.answer = answer


def test_only_what_the_gateway_lets_in_is_described():
    document = merge([TASK, AUTH], ROWS, "https://punctual.test")

    assert set(document["paths"]) == {"/api/v1/tasks/{task}", "/api/v1/auth/register"}
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "https://punctual.test"}]
    assert "bearer" in document["components"]["securitySchemes"]


async def test_the_document_has_every_services_part(gateway: Gateway, stubs: dict[str, Stub]):
    for name, stub in stubs.items():
        describing(stub, {"task": TASK, "auth": AUTH}.get(name, {"paths": {}}))
    async with gateway.request("GET", "/api/openapi.json") as response:
        document = await response.json()

    assert set(document["paths"]) == {"/api/v1/tasks/{task}", "/api/v1/auth/register"}


async def test_the_document_is_fetched_only_now_and_then(gateway: Gateway, stubs: dict[str, Stub]):
    for stub in stubs.values():
        describing(stub, TASK)
    for _ in range(3):
        await gateway.get("/api/openapi.json")

    assert len(stubs["task"].seen) == 1


async def test_a_service_that_is_away_is_missing_and_named(variables, stubs: dict[str, Stub]):
    describing(stubs["task"], TASK)
    variables(URL_USER="http://127.0.0.1:1")
    async with opened() as gateway:
        document = await gateway.get("/api/openapi.json")
        page = await gateway.get("/api/docs")

    assert set(document.json()["paths"]) == {"/api/v1/tasks/{task}"}
    assert "can&#39;t be reached: " in page.body.decode() or "can't be reached: " in page.body.decode()
    assert "user" in page.body.decode()


async def test_the_page_needs_no_script_and_nothing_from_elsewhere(gateway: Gateway, stubs: dict[str, Stub]):
    describing(stubs["task"], TASK)
    page = await gateway.get("/api/docs")
    text = page.body.decode()

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    assert "<script" not in text
    assert " style=" not in text
    assert {link for link in re.findall(r'(?:href|src)="([^"#]*)', text) if link} == {
        "/api/docs/style.css",
        "/api/openapi.json",
    }
    style = await gateway.get("/api/docs/style.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "url(" not in style.body.decode()


def test_a_choice_says_the_type_of_each_form():
    due = {"type": ["string", "null"], "anyOf": [{"format": "date"}, {"const": "never"}, {"type": "null"}]}

    assert _type(due) == "string (date) or <code>never</code> or null"


def test_the_page_shows_each_operation_escaped():
    text = render(merge([TASK], ROWS, "https://punctual.test")).decode()

    assert "/api/v1/tasks/{task}" in text
    assert "Do &lt;b&gt;something&lt;/b&gt;" in text
    assert "#shape-Problem" in text
