"""The inbox over HTTP: one's own and nobody else's."""

import pytest

from punctual.kit import ids
from punctual.schemas import events
from tests.actors.notification.scene import a_task, a_team, happened
from tests.support.services import Answer, Person, Services
from tests.support.team import execute, membership

NOTIFICATIONS = "/api/v1/notifications"
NOBODYS = "0190b6a0-0000-7000-8000-000000000001"


async def ask(person: Person, method: str, path: str = "", **more: object) -> Answer:
    return await person.request("notification", method, NOTIFICATIONS + path, **more)  # type: ignore[arg-type]


async def told(services: Services, times: int = 1) -> Person:
    """Somebody with so many notifications."""
    crew = await a_team(services)
    for number in range(times):
        task = a_task(crew, title=f"Task {number}", user_ids=[crew.member.id])
        await happened(services, events.TASK_ASSIGNED, task, caller=crew.owner.id)
    return crew.member


async def test_a_notification_is_listed_and_read_the_same(services: Services) -> None:
    bob = await told(services)

    listed = await ask(bob, "GET")
    [item] = listed.body["items"]
    read = await ask(bob, "GET", f"/{item['id']}")

    assert item == read.body
    assert item["kind"] == "task.assigned"
    assert item["title"].endswith("to you: Task 0")
    assert item["data"]["actor_name"] == "Owner"
    assert item["read_at"] is None
    assert set(item) == {"id", "kind", "title", "task_id", "project_id", "data", "created_at", "read_at"}


async def test_reading_and_unreading_move_it_in_and_out_of_what_is_unread(services: Services) -> None:
    bob = await told(services, 2)
    newest = (await ask(bob, "GET")).body["items"][0]["id"]

    marked = await ask(bob, "PUT", f"/{newest}/reading")
    unread = await ask(bob, "GET", "?unread=true")
    count = await ask(bob, "GET", "/count")
    unmarked = await ask(bob, "DELETE", f"/{newest}/reading")
    again = await ask(bob, "GET", "/count")

    assert marked.body["read_at"]
    assert [item["title"][-6:] for item in unread.body["items"]] == ["Task 0"]
    assert count.body == {"unread": 1}
    assert unmarked.body["read_at"] is None
    assert again.body == {"unread": 2}


async def test_reading_twice_keeps_the_first_time(services: Services) -> None:
    bob = await told(services)
    [item] = (await ask(bob, "GET")).body["items"]

    first = await ask(bob, "PUT", f"/{item['id']}/reading")
    second = await ask(bob, "PUT", f"/{item['id']}/reading")

    assert first.body == second.body


async def test_all_is_read_at_once(services: Services) -> None:
    bob = await told(services, 3)

    answer = await ask(bob, "PUT", "/reading")

    assert answer.status == 204
    assert (await ask(bob, "GET", "/count")).body == {"unread": 0}


async def test_pages_follow_one_another_newest_first(services: Services) -> None:
    bob, seen, path = await told(services, 5), [], "?limit=2"

    while path:
        answer = await ask(bob, "GET", path)
        seen += [item["title"][-6:] for item in answer.body["items"]]
        cursor = answer.body["next_cursor"]
        path = f"?limit=2&cursor={cursor}" if cursor else ""

    assert seen == [f"Task {number}" for number in (4, 3, 2, 1, 0)]


async def test_somebody_elses_notification_does_not_exist(services: Services) -> None:
    bob, eve = await told(services), services.person()
    [item] = (await ask(bob, "GET")).body["items"]
    path = f"/{item['id']}"

    answers = [
        await ask(eve, "GET", path),
        await ask(eve, "PUT", f"{path}/reading"),
        await ask(eve, "DELETE", f"{path}/reading"),
        await ask(eve, "GET", f"{path}/deliveries"),
    ]

    assert [answer.status for answer in answers] == [404] * 4
    assert (await ask(eve, "GET")).body["items"] == []


async def test_what_told_of_a_project_disappears_with_the_access_to_it(services: Services) -> None:
    crew = await a_team(services)
    bob = crew.member
    await happened(services, events.TASK_ASSIGNED, a_task(crew, user_ids=[bob.id]), caller=crew.owner.id)
    [item] = (await ask(bob, "GET")).body["items"]

    gone = membership(crew.project_id, crew.key, bob, None)
    await happened(services, events.PROJECT_MEMBER_REMOVED, gone, version=9, caller=crew.owner.id)
    listed = await ask(bob, "GET")
    answers = [await ask(bob, "GET", f"/{item['id']}"), await ask(bob, "GET", "?muted=true")]

    assert [row["kind"] for row in listed.body["items"]] == ["project.member_removed"]
    assert (await ask(bob, "GET", "/count")).body == {"unread": 1}
    assert answers[0].status == 404
    assert answers[1].body["items"] == []


async def test_what_is_muted_can_be_looked_up_apart(services: Services) -> None:
    crew = await a_team(services)
    execute(
        "notification",
        "INSERT INTO preference (user_id, kind, in_app, email) VALUES (%s, 'task.completed', false, false)",
        (crew.member.id,),
    )
    await happened(services, events.TASK_COMPLETED, a_task(crew, watchers=[crew.member.id]))

    assert (await ask(crew.member, "GET")).body["items"] == []
    [item] = (await ask(crew.member, "GET", "?muted=true")).body["items"]
    reasons = (await ask(crew.member, "GET", f"/{item['id']}/deliveries")).body["items"]

    assert {(row["channel"], row["state"], row["reason"]) for row in reasons} == {
        ("in_app", "suppressed", "muted"),
        ("email", "suppressed", "muted"),
    }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "?limit=0", 422),
        ("GET", "?unread=perhaps", 422),
        ("GET", "?cursor=zzz", 422),
        ("GET", "?colour=red", 422),
        ("PUT", "/no-uuid/reading", 422),
        ("PUT", f"/{NOBODYS}/reading", 404),
        ("GET", f"/{NOBODYS}", 404),
        ("POST", "", 405),
    ],
)
async def test_bad_requests_are_problems(services: Services, method: str, path: str, status: int) -> None:
    answer = await ask(services.person(), method, path)

    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_what_came_since_an_instant_and_of_one_task(services: Services) -> None:
    bob = await told(services, 3)
    items = (await ask(bob, "GET")).body["items"]

    since = await ask(bob, "GET", f"?after={items[1]['created_at']}")
    of_one = await ask(bob, "GET", f"?task_id={items[2]['task_id']}")

    assert [item["id"] for item in since.body["items"]] == [items[0]["id"]]
    assert [item["id"] for item in of_one.body["items"]] == [items[2]["id"]]


async def test_groups_gather_what_is_about_one_task(services: Services) -> None:
    crew = await a_team(services)
    bob, one, other = crew.member, ids.uuid7(), ids.uuid7()
    for task_id in (one, other, one):
        await happened(services, events.TASK_ASSIGNED, a_task(crew, task_id=task_id, user_ids=[bob.id]))
    items = (await ask(bob, "GET")).body["items"]
    await ask(bob, "PUT", f"/{items[2]['id']}/reading")

    async def groups(query: str = "") -> list[tuple[str, int, int, str]]:
        answer = await bob.request("notification", "GET", f"/api/v1/notification-groups{query}")
        assert answer.status == 200, answer
        return [(item["task_id"], item["total"], item["unread"], item["latest"]["id"]) for item in answer.body["items"]]

    assert await groups() == [(str(one), 2, 1, items[0]["id"]), (str(other), 1, 1, items[1]["id"])]
    assert await groups("?unread=true") == [(str(one), 1, 1, items[0]["id"]), (str(other), 1, 1, items[1]["id"])]
    assert await groups(f"?after={items[1]['created_at']}") == [(str(one), 1, 1, items[0]["id"])]
    first = await bob.request("notification", "GET", "/api/v1/notification-groups?limit=1")
    assert await groups(f"?limit=1&cursor={first.body['next_cursor']}") == [(str(other), 1, 1, items[1]["id"])]
