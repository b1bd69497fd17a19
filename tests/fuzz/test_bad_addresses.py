"""Addresses: pages and filters that are none, paths that no address here has."""

import http.client
from urllib.parse import urlsplit

import pytest

from tests.flows.client import ApiClient
from tests.fuzz.door import PROJECT, TASK, refusal, send
from tests.fuzz.scene import Scene


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=-1", "limit=201", "limit=1.5", "limit=1e2", "limit=%2B5", "limit=0x10", "limit=",
        "limit=99999999999999999999", "limit=%D9%A3", "limit=5&limit=5", "sort=colour", "sort=", "cursor=",
        "cursor=x", "cursor=%00", "colour=red", "limit=%FF", "%00=1", "limit[]=5",
    ],
)  # fmt: skip
def test_a_page_that_is_none_is_refused(unchanged: ApiClient, query: str) -> None:
    for path in ("/api/v1/projects", f"{PROJECT}/tasks", f"{TASK}/history", "/api/v1/notifications", "/api/v1/users"):
        refusal(send(unchanged, "GET", f"{path}?{query}"), 422)


def test_a_tampered_cursor_is_refused(unchanged: ApiClient, scene: Scene) -> None:
    path = f"/api/v1/projects/{scene.projects[0]}/tasks"
    cursor = unchanged.get(f"{path}?limit=1&sort=due")["next_cursor"]
    for tampered in (
        cursor[1:],
        cursor[:-2],
        cursor.swapcase(),
        cursor + "AAAA",
        "A" + cursor,
        cursor.replace("W", "*"),
    ):
        refusal(send(unchanged, "GET", f"{path}?limit=1&sort=due&cursor={tampered}"), 422, field="cursor")
    refusal(send(unchanged, "GET", f"{path}?limit=1&cursor={cursor}"), 422, "invalid_cursor", "cursor")
    # An order by values of the same kinds would take it for one of its own, but for its name.
    other = f"{path}?limit=1&sort=-updated_at&cursor={cursor}"
    refusal(send(unchanged, "GET", other), 422, "invalid_cursor", "cursor")
    refusal(send(unchanged, "GET", f"{path}?sort=due&cursor={'A' * 2001}"), 422, "invalid", "cursor")


@pytest.mark.parametrize(
    "query",
    [
        "status=x", "status=01932c5e7b0070008000000000000001", "category=later", "priority=1", "assignee=you",
        "due_before=soon", "due_after=2026-02-30", "due_before=2026-12-24T09:00:00", "q=", "q=%00", "q=%E2%80%8B",
        "q=a%0Ab", "q=" + "x" * 201,
    ],
)  # fmt: skip
def test_a_filter_that_is_none_is_refused(unchanged: ApiClient, query: str) -> None:
    refusal(send(unchanged, "GET", f"/api/v1/tasks?{query}"), 422, "invalid", query.partition("=")[0])


@pytest.mark.parametrize(
    "instant", ["0777-09-01T14:27:08%2B16:31", "0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"]
)
def test_an_instant_is_one_however_far_away_and_by_whatever_offset(unchanged: ApiClient, instant: str) -> None:
    for path in ("/api/v1/notifications", "/api/v1/notification-groups"):
        assert send(unchanged, "GET", f"{path}?after={instant}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/tasks/BAD-1%00", "/api/v1/tasks/%00", "/api/v1/tasks/BAD-1%0A", "/api/v1/tasks/BAD%2D1",
        "/api/v1/tasks/../tasks/BAD-1", "/api/v1//tasks", "/api/v1/tasks/BAD-1/", "/api/v1/tasks/%ED%A0%80",
        "/api/v1/tasks/%", "/api/v1/projects/BAD;x", "/api/v1/projects/%2e%2e", "/%0a", "/api/v1/tasks/\\",
    ],
)  # fmt: skip
def test_a_path_that_no_address_here_has_is_refused(unchanged: ApiClient, path: str) -> None:
    for method in ("GET", "DELETE"):
        answer = send(unchanged, method, path)
        refusal(answer, 404 if answer.status == 404 else 400)


@pytest.mark.parametrize(
    "reference", ["x", "bad-1", "BAD-0", "BAD-01", "BAD-1234567890", "B-1", "01932c5e", "{id}".strip("{}")]
)
def test_a_reference_that_is_neither_id_nor_key_is_refused(unchanged: ApiClient, reference: str) -> None:
    for method, body in [("GET", None), ("PATCH", {"title": "x"}), ("DELETE", None)]:
        refusal(unchanged.request(method, f"/api/v1/tasks/{reference}", body), 422, "invalid", "task")


def test_a_huge_address_and_a_huge_header_are_refused(unchanged: ApiClient) -> None:
    refusal(send(unchanged, "GET", "/api/v1/tasks?q=" + "x" * 100_000), 431)
    refusal(send(unchanged, "GET", "/api/v1/tasks", Prefer="x" * 100_000), 431)


@pytest.mark.parametrize("last", ["x", "0", "01932c5e-7b00-7000-8000-000000000001", "~" * 200])
def test_a_stream_begins_anew_after_an_event_that_nobody_knows(unchanged: ApiClient, last: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(unchanged.url).netloc, timeout=20)
    headers = {"Authorization": f"Bearer {unchanged.token}", "Last-Event-ID": last}
    connection.request("GET", "/api/v1/notifications/stream", headers=headers)
    answer = connection.getresponse()

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/event-stream")
    assert answer.readline().startswith(b"retry:")
    connection.close()
    refusal(send(unchanged, "GET", "/api/v1/notifications/stream?from=x"), 422, "invalid", "from")
