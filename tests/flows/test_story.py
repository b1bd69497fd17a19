"""The main job, end to end: from registration to a reminder that arrives."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.flows.client import ApiClient, until
from tests.flows.stack import Stack, fresh_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Three schedulers and three workers on empty data."""
    with fresh_stack("story", PUNCTUAL_WORKERS="3", PUNCTUAL_SCHEDULERS="3", PUNCTUAL_RATE_LIMIT="off") as started:
        yield started


@pytest.fixture(scope="module")
def ada(stack: Stack) -> ApiClient:
    return ApiClient(stack.url, "ada@example.org").register("Ada Lovelace")


@pytest.fixture(scope="module")
def bob(stack: Stack, ada: ApiClient) -> ApiClient:
    return ApiClient(stack.url, "bob@example.org").register("Bob", "America/New_York")


@pytest.fixture(scope="module")
def ops(ada: ApiClient, bob: ApiClient) -> str:
    ada.post("/api/v1/projects", {"key": "OPS", "name": "Operations"})
    until(lambda: ada.request("PUT", f"/api/v1/projects/OPS/members/{bob.id}", {"role": "member"}).status == 200)
    return "/api/v1/projects/OPS"


def due_in(**delta: float) -> str:
    return (datetime.now(UTC) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def inbox(person: ApiClient, kind: str, task_id: str) -> list[dict[str, object]]:
    """A person's notifications of a kind about a task."""
    items = person.get("/api/v1/notifications?limit=200")["items"]
    return [item for item in items if item["kind"] == kind and item["task_id"] == task_id]


def fire_now(stack: Stack, task_id: str, rule: str) -> None:
    stack.sql("task", "UPDATE reminder SET fire_at = now() WHERE task_id = %s AND rule = %s", (task_id, rule))


def test_the_first_account_is_admin_and_edits_its_profile(ada: ApiClient) -> None:
    me = ada.get("/api/v1/users/me")
    changed = ada.patch("/api/v1/users/me", {"display_name": "Ada", "time_zone": "Europe/London"})

    assert me["role"] == "admin"
    assert (changed["display_name"], changed["time_zone"]) == ("Ada", "Europe/London")
    assert ada.get("/api/v1/users/me") == changed


def test_the_second_account_appears_in_the_user_service(ada: ApiClient, bob: ApiClient) -> None:
    assert until(lambda: ada.request("GET", f"/api/v1/users/{bob.id}").status == 200)
    assert bob.get("/api/v1/users/me")["role"] == "user"


def test_somebody_invited_by_mail_registers_and_is_in(stack: Stack, ada: ApiClient, bob: ApiClient, ops: str) -> None:
    ada.post(f"{ops}/invitations", {"email": "carol@example.org", "role": "member"})
    (letter,) = until(lambda: stack.mail("carol@example.org"))
    text = letter.get_body(("plain",)).get_content()
    token = re.search(r"/invitations/([\w-]{20,})", text)[1]

    carol = ApiClient(stack.url, "carol@example.org").register("Carol")
    joined = carol.put(f"/api/v1/invitations/{token}")

    assert "Ada invites you to Operations (OPS) as a member." in text
    assert carol.get(ops)["role"] == joined["role"] == "member"
    assert carol.put(f"/api/v1/invitations/{token}") == joined
    assert bob.request("PUT", f"/api/v1/invitations/{token}").status == 409


def test_an_assignment_is_told_in_the_inbox_and_by_mail_and_never_to_oneself(
    stack: Stack, ada: ApiClient, bob: ApiClient, ops: str
) -> None:
    fields = {"title": "Renew the certificate", "priority": "high", "description": "It ends.", "due": due_in(days=3)}
    task = ada.post(f"{ops}/tasks", {**fields, "assignees": [bob.id]})

    (told,) = until(lambda: inbox(bob, "task.assigned", task["id"]))
    letters = until(lambda: [m for m in stack.mail("bob@example.org") if "Renew the certificate" in str(m)])

    assert re.fullmatch(r"OPS-\d+", task["key"])
    assert "Renew the certificate" in told["title"]
    assert len(letters) == 1
    assert {part.get_content_type() for part in letters[0].walk()} >= {"text/plain", "text/html"}
    assert letters[0]["Message-ID"]
    assert letters[0]["X-Request-ID"]
    assert inbox(ada, "task.assigned", task["id"]) == inbox(ada, "task.created", task["id"]) == []


def test_reminders_fire_once_each_under_three_schedulers_and_workers(
    stack: Stack, ada: ApiClient, bob: ApiClient, ops: str
) -> None:
    tasks = [ada.post(f"{ops}/tasks", {"title": "x", "due": due_in(days=2), "assignees": [bob.id]}) for _ in range(20)]

    for rule in ("-P1D", "-PT1H", "PT0S"):
        for task in tasks:
            fire_now(stack, task["id"], rule)
    for task in tasks:
        until(lambda task=task: inbox(bob, "task.due", task["id"]))
        until(lambda task=task: len(inbox(bob, "task.due_soon", task["id"])) == 2)

    doubled = [task for task in tasks if len(inbox(bob, "task.due", task["id"])) != 1]
    assert doubled == []
    assert all(len(inbox(bob, "task.due_soon", task["id"])) == 2 for task in tasks)


def test_bob_completes_it_and_ada_who_watches_hears_of_it(
    stack: Stack, ada: ApiClient, bob: ApiClient, ops: str
) -> None:
    task = ada.post(f"{ops}/tasks", {"title": "Water the plants", "due": due_in(days=3), "assignees": [bob.id]})
    statuses = {status["name"]: status["id"] for status in bob.get(f"{ops}/statuses")["items"]}

    bob.patch(f"/api/v1/tasks/{task['key']}", {"status_id": statuses["In progress"]})
    bob.put(f"/api/v1/tasks/{task['key']}/completion")

    until(lambda: inbox(ada, "task.status_changed", task["id"]))
    until(lambda: inbox(ada, "task.completed", task["id"]))
    reminders = bob.get(f"/api/v1/tasks/{task['key']}/reminders")["items"]
    assert {(item["state"], item["reason"]) for item in reminders} == {("cancelled", "the task was completed")}
    assert inbox(bob, "task.completed", task["id"]) == []


def test_outsiders_see_nothing_and_viewers_write_nothing(
    stack: Stack, ada: ApiClient, bob: ApiClient, ops: str
) -> None:
    task = ada.post(f"{ops}/tasks", {"title": "Secret"})
    eve = ApiClient(stack.url, "eve@example.org").register("Eve")
    vic = ApiClient(stack.url, "vic@example.org").register("Vic")
    until(lambda: ada.request("PUT", f"{ops}/members/{vic.id}", {"role": "viewer"}).status == 200)
    until(lambda: vic.request("GET", f"/api/v1/tasks/{task['id']}").status == 200)

    hidden = {
        path: eve.request("GET", path).status
        for path in (ops, f"{ops}/tasks", f"{ops}/members", f"{ops}/statuses", f"/api/v1/tasks/{task['id']}",
                     f"/api/v1/tasks/{task['id']}/comments", f"/api/v1/tasks/{task['id']}/history")
    }  # fmt: skip
    refused = {
        vic.request("POST", f"{ops}/tasks", {"title": "Mine"}).status,
        vic.request("PATCH", f"/api/v1/tasks/{task['id']}", {"title": "Mine"}).status,
        vic.request("POST", f"/api/v1/tasks/{task['id']}/comments", {"text": "Hi"}).status,
        vic.request("PATCH", ops, {"name": "Mine"}).status,
    }

    assert set(hidden.values()) == {404}, hidden
    assert refused == {403}
    assert eve.request("PATCH", f"/api/v1/tasks/{task['id']}", {"title": "Mine"}).status == 404


def test_a_reminder_that_fell_into_an_outage_arrives_late_and_data_is_kept(
    stack: Stack, ada: ApiClient, bob: ApiClient, ops: str
) -> None:
    task = ada.post(f"{ops}/tasks", {"title": "Pay the rent", "due": due_in(days=3), "assignees": [bob.id]})
    until(lambda: inbox(bob, "task.assigned", task["id"]))

    stack.stop()
    with stack.database_alone():
        late = "UPDATE reminder SET fire_at = now() - interval '14 minutes' WHERE task_id = %s AND rule = '-P1D'"
        stack.sql("task", late, (task["id"],))
    stack.start()
    bob.sign_in()
    (told,) = until(lambda: inbox(bob, "task.due_soon", task["id"]))

    # And a little more, for as long as everything took to start.
    assert re.search(r"late by 1[4-9] min", told["title"])
    assert bob.get(f"/api/v1/tasks/{task['id']}")["title"] == "Pay the rent"
