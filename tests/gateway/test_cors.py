"""Browsers of other origins."""

import pytest

from tests.gateway.conftest import Gateway, opened

ASKING = {"Access_Control_Request_Method": "PATCH", "Access_Control_Request_Headers": "authorization"}


async def test_without_allowed_origins_nothing_is_said(gateway: Gateway):
    response = await gateway.get("/api/v1/tasks", Origin="https://board.test")

    assert not [name for name in response.headers if name.startswith("Access-Control")]


async def test_an_allowed_origin_may_read_answers_and_problems(variables):
    variables(CORS_ORIGINS="https://board.test, https://other.test")
    async with opened() as gateway:
        for path in ("/api/v1/tasks", "/nowhere"):
            headers = (await gateway.get(path, Origin="https://board.test")).headers

            assert headers["Access-Control-Allow-Origin"] == "https://board.test"
            assert headers["Access-Control-Expose-Headers"] == "ETag, Location, Link, X-Request-ID, Retry-After"
            assert headers["Vary"] == "Origin"
            assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize("origin", ["https://evil.test", "https://board.test.evil.test", "null", "http://board.test"])
async def test_another_origin_may_not(variables, origin):
    variables(CORS_ORIGINS="https://board.test")
    async with opened() as gateway:
        headers = (await gateway.get("/api/v1/tasks", Origin=origin)).headers

        assert "Access-Control-Allow-Origin" not in headers
        assert headers["Vary"] == "Origin"


async def test_a_preflight_is_answered_at_the_door_and_needs_no_token(variables, stubs):
    variables(CORS_ORIGINS="https://board.test")
    async with opened() as gateway:
        headers = {"Origin": "https://board.test", "Access-Control-Request-Method": "PATCH"}
        async with gateway.request("OPTIONS", "/api/v1/tasks/OPS-1", headers=headers) as response:
            assert response.status == 204
            assert response.headers["Access-Control-Allow-Origin"] == "https://board.test"
            assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
            assert "Idempotency-Key" in response.headers["Access-Control-Allow-Headers"]
    assert not stubs["task"].seen


async def test_a_preflight_of_another_origin_gets_no_permission(variables):
    variables(CORS_ORIGINS="https://board.test")
    async with opened() as gateway:
        response = await gateway.send("OPTIONS", "/api/v1/tasks/OPS-1", Origin="https://evil.test", **ASKING)

        assert not [name for name in response.headers if name.startswith("Access-Control")]


async def test_a_star_lets_every_origin_read(variables):
    variables(CORS_ORIGINS="*")
    async with opened() as gateway:
        response = await gateway.get("/api/v1/tasks", Origin="https://anywhere.test")

        assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_plain_options_tell_what_an_address_can_do(gateway: Gateway):
    response = await gateway.send("OPTIONS", "/api/v1/tasks/OPS-1")

    assert response.status == 204
    assert response.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"
