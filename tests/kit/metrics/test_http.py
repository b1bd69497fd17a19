"""Requests are counted by route template and status, and timed."""

from uuid import uuid4

from tests.support.scrape import counted
from tests.support.services import Services

REQUESTS, SECONDS = "punctual_http_requests_total", "punctual_http_request_duration_seconds_count"


def requests(service: str, route: str, status: int = 200, method: str = "GET") -> float:
    return counted(REQUESTS, service=service, method=method, route=route, status=str(status))


async def test_a_request_is_counted_under_the_template_of_its_route(services: Services) -> None:
    template = "/api/v1/tasks/{task}"
    before = requests("task", template, 404)
    timed = counted(SECONDS, service="task", method="GET", route=template)

    for _ in range(2):
        await services.person().request("task", "GET", f"/api/v1/tasks/{uuid4()}")

    assert requests("task", template, 404) == before + 2
    assert counted(SECONDS, service="task", method="GET", route=template) == timed + 2


async def test_what_matches_no_route_and_methods_that_nobody_uses_share_one_series(services: Services) -> None:
    before = requests("task", "unmatched", 404), requests("task", "unmatched", 404, "other")

    for number, method in enumerate(("PROPFIND", "MKCOL", "PURGE")):
        await services.person().request("task", "GET", f"/nothing/{number}")
        await services.person().request("task", method, f"/nothing/{number}")

    assert requests("task", "unmatched", 404) == before[0] + 3
    assert requests("task", "unmatched", 404, "other") == before[1] + 3
