"""Pages: what the gateway hands to the dashboard, and what it doesn't."""

from collections.abc import Callable

from tests.gateway.conftest import Gateway, opened
from tests.gateway.stub import Stub


async def test_the_dashboard_gets_its_cookies(gateway: Gateway, stubs: dict[str, Stub]):
    await gateway.get("/projects?archived=true", Cookie="punctual=abc")

    assert stubs["dashboard"].last.target == "/projects?archived=true"
    assert stubs["dashboard"].last.headers["Cookie"] == "punctual=abc"


async def test_no_other_service_gets_cookies(gateway: Gateway, stub: Stub):
    await gateway.get("/api/v1/tasks", Cookie="punctual=abc")

    assert "Cookie" not in stub.last.headers


async def test_a_page_needs_no_token_of_the_api(gateway: Gateway, stubs: dict[str, Stub]):
    answer = await gateway.send("POST", "/sign-in", b"email=x", Content_Type="application/x-www-form-urlencoded")

    assert answer.status == 200
    assert stubs["dashboard"].last.method == "POST"


async def test_a_page_can_be_read_and_sent_and_nothing_else(gateway: Gateway, stubs: dict[str, Stub]):
    answer = await gateway.send("DELETE", "/projects/OPS")

    assert answer.status == 405
    assert not stubs["dashboard"].seen


CLOSED = "http://127.0.0.1:9"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def test_a_browser_gets_the_gateways_own_refusals_as_a_page(gateway: Gateway):
    answer = await gateway.send("DELETE", "/projects/OPS", **HTML)

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<h1>Not possible here</h1>" in answer.body
    assert answer.headers["X-Request-ID"].encode() in answer.body
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]


async def test_without_a_dashboard_a_browser_is_told_when_to_come_back(variables: Callable[..., None]):
    variables(URL_DASHBOARD=CLOSED)
    async with opened() as gateway:
        answer = await gateway.send("GET", "/projects?archived=true&q=%3Cb%3E", **HTML)

    assert answer.status == 503
    assert f"Wait {answer.headers['Retry-After']} seconds.".encode() in answer.body
    assert b'href="/projects?archived=true&amp;q=%3Cb%3E"' in answer.body


async def test_a_form_that_could_not_be_sent_is_to_be_sent_again(variables: Callable[..., None]):
    variables(URL_DASHBOARD=CLOSED)
    async with opened() as gateway:
        answer = await gateway.send("POST", "/projects/new", b"x=1", **HTML)

    assert b"send the form again" in answer.body
    assert b'href="/"' in answer.body


async def test_programs_get_problems_whatever_they_accept(variables: Callable[..., None]):
    variables(URL_DASHBOARD=CLOSED)
    async with opened() as gateway:
        for path, accept in (("/api/v1/nowhere", HTML), ("/projects", {"Accept": "*/*"})):
            answer = await gateway.send("GET", path, **accept)
            assert answer.headers["Content-Type"].startswith("application/problem+json")
