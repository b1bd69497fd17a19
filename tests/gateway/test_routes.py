"""The routing table as a whole."""

import importlib
import re

import pytest

from punctual.gateway.matching import Matcher
from punctual.gateway.rates import LIMITS, Rate
from punctual.gateway.routes import GATEWAY, PAGES, ROWS, Row
from punctual.kit.settings import DASHBOARD, SERVICES
from punctual.kit.web import Auth

OPEN_PATHS = {
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    "/api/docs",
    "/api/docs/style.css",
    "/api/openapi.json",
    "/api/v1/auth/email-verifications/{token}",
    "/api/v1/auth/password-resets",
    "/api/v1/auth/password-resets/{token}",
    "/api/v1/auth/register",
    "/api/v1/auth/revoke",
    "/api/v1/auth/token",
    "/api/v1/operations/auth/{id}",
    "/api/v1/unsubscriptions/{token}",
    "/health/live",
    "/health/ready",
}


def test_only_these_paths_are_open():
    assert {row.path for row in ROWS if row.auth is Auth.OPEN} == OPEN_PATHS


def test_nothing_internal_is_routed():
    assert not [row.path for row in ROWS if "internal" in row.path or row.auth is Auth.INTERNAL]


def test_each_row_belongs_to_a_service_that_exists():
    assert {row.service for row in ROWS} == {GATEWAY, *SERVICES}


def test_every_rate_has_its_numbers():
    assert {row.rate_of(method) for row in (*ROWS, *PAGES) for method in row.methods.split()} - {Rate.UNLIMITED} == set(
        LIMITS
    )


@pytest.mark.parametrize(
    ("method", "path", "service"),
    [
        ("POST", "/api/v1/auth/register", "auth"),
        ("GET", "/.well-known/jwks.json", "auth"),
        ("GET", "/api/v1/users/me", "user"),
        ("PUT", "/api/v1/users/0190b6a0-0000-7000-8000-000000000001/role", "user"),
        ("GET", "/api/v1/projects/OPS", "project"),
        ("GET", "/api/v1/projects/OPS/members", "project"),
        ("GET", "/api/v1/projects/OPS/statuses", "task"),
        ("DELETE", "/api/v1/projects/OPS/statuses/0190b6a0-0000-7000-8000-000000000001", "task"),
        ("POST", "/api/v1/projects/OPS/tasks", "task"),
        ("PATCH", "/api/v1/tasks/OPS-12", "task"),
        ("PUT", "/api/v1/reminder-rules", "task"),
        ("GET", "/api/v1/notifications/stream", "notification"),
        ("PUT", "/api/v1/notifications/reading", "notification"),
        ("GET", "/api/v1/operations/project/0190b6a0-0000-7000-8000-000000000001", "project"),
        ("DELETE", "/api/v1/dead-letters/user/0190b6a0-0000-7000-8000-000000000001", "user"),
    ],
)
def test_a_path_leads_to_its_service(method, path, service):
    rows = Matcher(ROWS).find(path)

    assert rows is not None
    assert rows[method].service == service


def test_no_path_can_be_read_as_two_rows_but_where_a_literal_is_the_narrower_one():
    """A literal hides a parameter at its place, so everything below the parameter must not be wanted there."""
    hidden = {
        (literal.path, other.path)
        for literal in ROWS
        for other in ROWS
        if literal.path != other.path and _fits(other.path, literal.path)
    }

    assert hidden == {
        ("/api/v1/users/me", "/api/v1/users/{id}"),
        *((f"/api/v1/notifications/{name}", "/api/v1/notifications/{id}") for name in ("count", "reading", "stream")),
    }


def test_what_a_service_offers_is_let_in_with_the_same_demands():
    offered = {
        (route.method, _shape(route.path), service, route.auth)
        for service in SERVICES
        for route in importlib.import_module(f"punctual.http.{service}").ROUTES
        if route.auth is not Auth.INTERNAL
    }
    let_in = {
        (method, _shape(row.path), row.service, row.auth)
        for row in ROWS
        if row.service != GATEWAY
        for method in row.methods.split()
    }

    assert sorted(offered - let_in, key=str) == []
    assert sorted(let_in - offered, key=str) == []


@pytest.mark.parametrize("path", ["/", "/projects", "/tasks/OPS-12/completion", "/static/0/app.js", "/apiary"])
def test_every_path_that_is_not_for_programs_is_a_page(path):
    rows = Matcher(ROWS, PAGES).find(path)

    assert {row.service for row in rows.values()} == {DASHBOARD}
    assert set(rows) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1/nothing", "/internal/revocations", "/health/dead", "/API/v1"]
)
def test_no_page_stands_where_programs_look(path):
    assert Matcher(ROWS, PAGES).find(path) is None


def test_guessing_and_mailing_by_pages_is_limited_as_by_the_api():
    rates = {row.path: row.rate for row in PAGES if row.methods == "POST"}

    assert rates["/sign-in"] is Rate.SIGN_IN
    assert {rate for path, rate in rates.items() if path != "/sign-in"} == {Rate.SIGN_UP}


def test_a_method_stands_only_once_on_a_path():
    with pytest.raises(ValueError, match="stands twice"):
        Matcher([Row("GET", "/a/{x}", "task"), Row("GET POST", "/a/{y}", "user")])


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def _fits(pattern: str, path: str) -> bool:
    return bool(re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/{}]+", re.escape(pattern)), path))
