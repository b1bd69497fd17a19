"""The door counts what it answers, and shows the count to nobody outside."""

from tests.gateway.conftest import Gateway
from tests.support.scrape import counted


def requests(route: str, status: int = 200) -> float:
    labels = {"service": "gateway", "method": "GET", "route": route, "status": str(status)}
    return counted("punctual_http_requests_total", **labels)


async def test_a_request_is_counted_under_the_row_of_the_routing_table(gateway: Gateway) -> None:
    template = "/api/v1/tasks/{task}"
    before = requests(template), requests("unmatched", 404)

    await gateway.get("/api/v1/tasks/OPS-1")
    await gateway.get("/api/v1/nothing")

    assert requests(template) == before[0] + 1
    assert requests("unmatched", 404) == before[1] + 1


async def test_the_public_door_has_no_metrics(gateway: Gateway) -> None:
    for path in ("/metrics", "/internal/metrics"):
        answer = await gateway.get(path)
        assert b"punctual_http_requests" not in answer.body
