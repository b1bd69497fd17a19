"""Side doors: paths that pretend, identities that are claimed, services asked directly, internal addresses."""

import importlib
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from punctual.gateway.routes import ROWS
from punctual.kit.settings import SERVICES
from punctual.kit.web import Auth, Route
from tests.flows.stack import Stack
from tests.security.api import opened
from tests.security.raw import exchange, request
from tests.security.scene import PROJECT, Scene
from tests.security.test_tokens import address

TARGETS = [
    "//internal/revocations", "/internal/revocations", "/internal//revocations", "/api/v1/../../internal/revocations",
    "/api/v1/%2e%2e/%2e%2e/internal/revocations", "/%69nternal/revocations", "/internal%2frevocations",
    "/internal%252frevocations", "/api/v1/tasks/..%2f..%2f..%2finternal%2frevocations", "/./internal/revocations",
    "/api/v1/tasks/..;/..;/internal/revocations", "/api/v1/tasks/%c0%ae%c0%ae/internal/revocations",
    "\\internal\\revocations", "/internal/revocations#x", "/internal/revocations?x", "/internal/revocations/",
    "/INTERNAL/revocations", "/internal/openapi.json", "http://127.0.0.1/internal/revocations",
    "/api/v1//tasks", "/api/v1/tasks/", "/api/v1/tasks%00", "/api/v1/tasks%20", "//evil.test/api/v1/tasks",
    "/api/v1/projects/..", "/api/v1/projects/.", "/api/v1/projects/%2e%2e", "/metrics", "/.env", "/.git/config",
]  # fmt: skip
CLAIMS = ["X-User-Id", "X-User", "X-Caller", "X-Caller-Id", "X-Role", "X-Forwarded-User", "X-Remote-User",
          "Remote-User", "X-Auth-Request-User", "X-Session-Id", "X-Original-User", "From"]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
async def test_no_path_leads_anywhere_but_to_what_the_table_lists(stack: Stack, root, target: str) -> None:
    sent = request(f"GET {target}", "Connection: close", f"Authorization: Bearer {root.token}")

    got = await exchange(stack.url, sent, within=20)

    assert got.statuses in ([400], [404]), got
    assert b'"items"' not in got.raw
    assert b'"paths"' not in got.raw


def test_no_row_of_the_gateway_names_an_internal_address() -> None:
    assert [row.path for row in ROWS if "internal" in row.path] == []


async def test_an_identity_that_a_client_claims_is_nobodys(here: Scene, stack: Stack) -> None:
    claims = {name.replace("-", "_"): here.owner.id for name in CLAIMS}
    path = PROJECT.format(here.shared["project"])

    for door in ("gateway", "project"):
        async with opened(address(stack, door)) as api:
            anonymous = await api.send("GET", path, **claims)
            outsider = await api.send("GET", path, token=here.outsider.token, **claims, X_HTTP_Method_Override="DELETE")

        assert (anonymous.status, outsider.status) == (401, 404)


async def test_a_claimed_role_opens_nothing(here: Scene, stack: Stack) -> None:
    claims = {"X_Role": "admin", "X_User_Role": "admin", "X_Admin": "1"}
    for door in ("gateway", "notification"):
        async with opened(address(stack, door)) as api:
            reply = await api.send("GET", "/api/v1/dead-letters/notification", token=here.owner.token, **claims)

        assert reply.status == 403


def routes() -> Iterator[tuple[str, Route]]:
    """Every route of every service."""
    for service in SERVICES:
        for route in importlib.import_module(f"punctual.http.{service}").ROUTES:
            yield service, route


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_asked_directly_without_a_token_does_nothing(service: str, stack: Stack) -> None:
    guarded = [route for name, route in routes() if name == service and route.auth in (Auth.SIGNED_IN, Auth.ADMIN)]
    claims = {name.replace("-", "_"): str(uuid4()) for name in CLAIMS}

    async with opened(address(stack, service)) as api:
        replies = {
            f"{route.method} {route.path}": await api.send(
                route.method, re.sub(r"\{\w+\}", str(uuid4()), route.path), body={} if route.body else None, **claims
            )
            for route in guarded
        }

    assert replies
    assert {name: reply for name, reply in replies.items() if reply.status != 401} == {}


def test_only_these_routes_of_services_need_no_token() -> None:
    unguarded = sorted(f"{route.method} {route.path}" for _, route in routes() if route.auth is Auth.OPEN)

    assert unguarded == [
        "GET /.well-known/jwks.json",
        "GET /.well-known/oauth-authorization-server",
        "GET /api/v1/operations/auth/{id}",
        "GET /api/v1/unsubscriptions/{token}",
        "POST /api/v1/auth/password-resets",
        "POST /api/v1/auth/register",
        "POST /api/v1/auth/revoke",
        "POST /api/v1/auth/token",
        "POST /api/v1/unsubscriptions/{token}",
        "PUT /api/v1/auth/email-verifications/{token}",
        "PUT /api/v1/auth/password-resets/{token}",
    ]


async def test_internal_addresses_answer_processes_and_nothing_that_came_through_a_proxy(stack: Stack) -> None:
    internal = [(name, route.path) for name, route in routes() if route.auth is Auth.INTERNAL]

    assert internal == [("auth", "/internal/revocations")]
    async with opened(address(stack, "auth")) as api:
        direct = await api.send("GET", "/internal/revocations")
        proxied = await api.send("GET", "/internal/revocations", X_Forwarded_For="198.51.100.7")

    assert (direct.status, proxied.status) == (200, 404)
    for item in direct.body["items"]:
        assert item.keys() == {"id", "at"}


def test_the_gateway_and_the_services_agree_on_who_may_call_a_route() -> None:
    public = {(method, re.sub(r"\{\w+\}", "{}", row.path)): row.auth for row in ROWS for method in row.methods.split()}

    for _, route in routes():
        if route.auth is not Auth.INTERNAL:
            assert public[route.method, re.sub(r"\{\w+\}", "{}", route.path)] is route.auth, route.path
