"""Pages: what the gateway hands to the dashboard, and what it doesn't."""

from tests.gateway.conftest import Gateway
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
