"""Keys and versions: what may be done again and what only once, and changes that change nothing."""

import pytest

from tests.flows.client import ApiClient
from tests.fuzz.door import PROJECT, TASK, refusal, send
from tests.fuzz.scene import Scene


def test_the_same_key_with_another_body_is_refused(admin: ApiClient) -> None:
    path, key = f"{PROJECT}/tasks", {"Idempotency_Key": "one and the same"}
    first = admin.request("POST", path, {"title": "The first"}, **key)

    refusal(admin.request("POST", path, {"title": "The second"}, **key), 422, "idempotency_key_reused")
    refusal(admin.request("POST", "/api/v1/projects/FUZZ1/tasks", {"title": "The first"}, **key), 422)
    assert admin.request("POST", path, {"title": "The first"}, **key).body == first.body


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\tb", "é"])
def test_a_key_that_is_none_is_refused(unchanged: ApiClient, key: str) -> None:
    refusal(send(unchanged, "POST", f"{PROJECT}/tasks", b'{"title": "x"}', Idempotency_Key=key), 400, "bad_request")


@pytest.mark.parametrize("tag", ["3", '"x"', '"-1"', '"1", "2"', "W/", '"' + "9" * 19 + '"', ""])
def test_an_if_match_that_is_none_is_refused(unchanged: ApiClient, tag: str) -> None:
    for method, path in [("PATCH", TASK), ("PUT", "/api/v1/reminder-rules"), ("PUT", "/api/v1/notifications/reading")]:
        body = b'{"rules": null}' if path.endswith("rules") else b"{}"
        refusal(send(unchanged, method, path, body, If_Match=tag), 400, "bad_request", "If-Match")


def test_a_weak_tag_matches_no_version(unchanged: ApiClient) -> None:
    before = unchanged.get(TASK)
    weak = f'W/"{before["version"]}"'
    problem = refusal(unchanged.request("PATCH", TASK, {"title": "x"}, If_Match=weak), 412, "precondition_failed")

    assert problem["current"] == before


def test_an_if_match_is_never_overlooked(unchanged: ApiClient, scene: Scene) -> None:
    status = unchanged.get(f"{PROJECT}/statuses")["items"][0]["id"]
    comment = unchanged.get(f"{TASK}/comments")["items"][0]["id"]
    for method, path, body in [
        ("PATCH", TASK, {"title": "x"}), ("DELETE", TASK, None), ("PUT", f"{TASK}/completion", None),
        ("PATCH", PROJECT, {"name": "x"}), ("PUT", f"{PROJECT}/archive", None), ("DELETE", PROJECT, None),
        ("PATCH", f"{PROJECT}/statuses/{status}", {"name": "x"}), ("DELETE", f"{PROJECT}/statuses/{status}", None),
        ("PATCH", f"{TASK}/comments/{comment}", {"text": "x"}), ("DELETE", f"{TASK}/comments/{comment}", None),
        ("PATCH", "/api/v1/users/me", {"locale": "fr"}), ("PUT", "/api/v1/reminder-rules", {"rules": []}),
        ("PUT", f"{TASK}/reminders", {"rules": []}), ("PUT", f"{TASK}/watchers/{unchanged.id}", None),
        ("PUT", f"{PROJECT}/members/{scene.people[0]}", {"role": "viewer"}),
        ("PUT", "/api/v1/notifications/reading", None),
        ("PUT", f"/api/v1/users/{scene.people[0]}/role", {"role": "admin"}),
    ]:  # fmt: skip
        refusal(unchanged.request(method, path, body, If_Match='"999"'), 412, "precondition_failed")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (TASK, TASK),
        (PROJECT, PROJECT),
        ("/api/v1/users/me", "/api/v1/users/me"),
        (f"{PROJECT}/statuses/*", f"{PROJECT}/statuses"),
        (f"{TASK}/comments/*", f"{TASK}/comments"),
    ],
)
def test_an_empty_patch_changes_nothing(unchanged: ApiClient, path: str, shown: str) -> None:
    before = unchanged.get(shown)
    if path.endswith("*"):
        before = before["items"][0]
        path = path.replace("*", before["id"])

    answer = unchanged.request("PATCH", path, {})

    assert answer.status == 200
    assert answer.body == before
    assert answer.headers["ETag"] == f'"{before["version"]}"'


def test_what_it_is_already_changes_nothing(unchanged: ApiClient) -> None:
    task, project = unchanged.get(TASK), unchanged.get(PROJECT)
    status = unchanged.get(f"{PROJECT}/statuses")["items"][1]

    same_task = {name: task[name] for name in ("title", "description", "priority", "due", "assignees")}
    assert unchanged.patch(TASK, {**same_task, "status_id": task["status"]["id"]}) == task
    assert unchanged.patch(PROJECT, {name: project[name] for name in ("key", "name", "description")}) == project
    same_status = {name: status[name] for name in ("name", "category", "position", "is_default")}
    assert unchanged.patch(f"{PROJECT}/statuses/{status['id']}", same_status) == status
