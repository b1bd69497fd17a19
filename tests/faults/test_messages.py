"""Messages as a bad day delivers them: twice, out of order, an hour late, damaged, of another version."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import aiohttp
import pytest

from punctual.kit import ids, wire
from punctual.kit.settings import SERVICES
from punctual.schemas import events
from punctual.schemas.events import EventType
from tests.faults import audit
from tests.flows.client import until
from tests.support.cluster import Cluster
from tests.support.retrying import RetryingClient

EXCHANGE = "punctual.events"
HOUR_MS = 3_600_000
PERSON = ("task", "notification", "project")


@pytest.fixture(autouse=True)
def forgotten(cluster: Cluster) -> Iterator[None]:
    """What these tests invent has no owner, so it must not disturb who compares replicas with owners later."""
    yield
    for service in SERVICES:
        cluster.sql(service, "DELETE FROM dead_letter")
    for service in PERSON:
        cluster.sql(service, "DELETE FROM person WHERE email LIKE 'invented%%'")
    cluster.sql("user", "DELETE FROM profile WHERE email LIKE 'invented%%'")
    for service in ("task", "notification"):
        cluster.sql(service, "DELETE FROM member WHERE user_id NOT IN (SELECT user_id FROM person)")


@pytest.fixture(scope="module")
def ada(cluster: Cluster) -> RetryingClient:
    """Somebody with a project."""

    async def enter() -> RetryingClient:
        async with aiohttp.ClientSession() as session:
            person = await RetryingClient(session, cluster.url, f"ada-{ids.uuid7().hex}").register()
            await person.write("POST", "/api/v1/projects", {"key": "MESSAGES", "name": "Messages"})
            return person

    return asyncio.run(enter())


def send(cluster: Cluster, queue: str, *bodies: bytes, exchange: str = "") -> None:
    """Put messages into a queue, or let the exchange distribute them."""
    with cluster.channel() as channel:
        for body in bodies:
            channel.basic_publish(exchange, queue, body)


def event(kind: EventType, payload: dict[str, Any], version: int = 1, **envelope: Any) -> bytes:
    """An event as its owner would send it."""
    fields = {
        "id": ids.uuid7(), "name": kind.name, "version": version, "occurred_at": "2026-11-22T10:00:00.000Z",
        "caller": None, "request_id": None, "quiet": False, "payload": payload, **envelope,
    }  # fmt: skip
    return wire.dumps(fields)


def command(name: str, arguments: dict[str, Any], caller: RetryingClient, **fields: Any) -> dict[str, Any]:
    """A command as a handler would send it."""
    return {
        "queue_name": name.partition(".")[0],
        "actor_name": name,
        "args": [],
        "kwargs": arguments,
        "options": {"operation_id": str(ids.uuid7()), "caller": {"id": str(caller.id), "role": "user"}},
        "message_id": str(ids.uuid7()),
        "message_timestamp": int(time.time() * 1000),
        **fields,
    }


def a_task(title: str) -> dict[str, Any]:
    return {
        "task_id": str(ids.uuid7()), "project": "MESSAGES", "title": title, "description": "", "status_id": None,
        "priority": "none", "due": None, "assignees": [],
    }  # fmt: skip


def a_person(**fields: Any) -> dict[str, Any]:
    user_id = ids.uuid7()
    email = f"invented.{user_id.hex}@example.org"
    return {**events.USER_UPDATED.example, "user_id": str(user_id), "email": email, "role": "user", **fields}


def names(cluster: Cluster, person: dict[str, Any]) -> Counter[str]:
    """What each replica calls somebody, once per service."""
    statement = "SELECT display_name FROM person WHERE user_id = %s"
    return Counter(row[0] for service in PERSON for row in cluster.sql(service, statement, (person["user_id"],)))


def settle(what: str, expected: Counter[Any], found: Counter[Any]) -> None:
    tally = audit.Tally(what)
    tally.compare(expected, found)
    audit.settle(tally)


def test_a_command_that_comes_twice_is_done_once(cluster: Cluster, ada: RetryingClient) -> None:
    orders = [command("task.create", a_task(f"Twice {number}"), ada) for number in range(20)]
    bodies = [json.dumps(order).encode() for order in orders]

    send(cluster, "task", *bodies, *bodies)
    send(cluster, "task", *bodies)
    until(lambda: not audit.unsettled(cluster), within=30)

    created = cluster.sql("task", "SELECT id::text FROM task WHERE title LIKE 'Twice%%'")
    settle(
        "20 commands, each delivered three times",
        Counter(order["kwargs"]["task_id"] for order in orders),
        Counter(row[0] for row in created),
    )


def test_an_event_that_comes_twice_is_told_once(cluster: Cluster, ada: RetryingClient) -> None:
    project = str(ids.uuid7())
    member = {**events.PROJECT_MEMBER_ADDED.example, "project_id": project, "user_id": str(ada.id)}
    told = [event(events.PROJECT_MEMBER_ADDED, member, version) for version in range(1, 21)]

    send(cluster, "project.member_added", *told, *told, *reversed(told), exchange=EXCHANGE)
    found = "SELECT event_id::text FROM notification WHERE project_id = %s"
    until(lambda: len(cluster.sql("notification", found, (project,))) >= 20 and not cluster.waiting(), within=30)

    settle(
        "20 events, each delivered three times",
        Counter(json.loads(body)["id"] for body in told),
        Counter(row[0] for row in cluster.sql("notification", found, (project,))),
    )
    for service in ("task", "notification"):
        cluster.sql(service, "DELETE FROM member WHERE project_id = %s", (project,))


def test_events_out_of_order_leave_the_newest_state(cluster: Cluster, ada: RetryingClient) -> None:
    people = [a_person() for _ in range(10)]
    project = str(ids.uuid7())
    added = {**events.PROJECT_MEMBER_ADDED.example, "project_id": project, "user_id": str(ada.id), "role": "viewer"}

    for version in (7, 3, 9, 1, 8):
        for person in people:
            body = event(events.USER_UPDATED, {**person, "display_name": f"Version {version}"}, version)
            send(cluster, "user.updated", body, exchange=EXCHANGE)
    created = [event(events.USER_CREATED, {**person, "display_name": "Version 0"}, 1) for person in people]
    send(cluster, "user.created", *created, exchange=EXCHANGE)
    removed = event(events.PROJECT_MEMBER_REMOVED, {**added, "role": None}, 5)
    send(cluster, "project.member_removed", removed, exchange=EXCHANGE)
    until(lambda: not cluster.waiting())
    send(cluster, "project.member_added", event(events.PROJECT_MEMBER_ADDED, added, 4), exchange=EXCHANGE)
    expected = Counter({(person["user_id"], "Version 9"): len(PERSON) for person in people})

    def found() -> Counter[Any]:
        return Counter({(p["user_id"], name): count for p in people for name, count in names(cluster, p).items()})

    until(lambda: found() == expected and not cluster.waiting(), within=20)

    settle("50 versions of 10 people out of order", expected, found())
    for service in ("task", "notification"):
        roles = until(partial(cluster.sql, service, "SELECT role FROM member WHERE project_id = %s", (project,)))
        assert roles == [(None,)]
        cluster.sql(service, "DELETE FROM member WHERE project_id = %s", (project,))


def test_what_comes_an_hour_late_is_done_all_the_same(cluster: Cluster, ada: RetryingClient) -> None:
    late = {"message_timestamp": int(time.time() * 1000) - HOUR_MS}
    order = command("task.create", a_task("Late"), ada, **late)
    tick = command("task.check_deadlines", {}, ada, **late, options={})
    person = a_person(display_name="Late")
    reminder = {
        **events.TASK_DUE.example, "user_id": str(ada.id), "task_id": str(ids.uuid7()),
        "fire_at": "2026-11-22T09:00:00Z", "late_by": 3600,
    }  # fmt: skip

    send(cluster, "task", json.dumps(tick).encode(), json.dumps(order).encode())
    send(cluster, "user.updated", event(events.USER_UPDATED, person, 2), exchange=EXCHANGE)
    send(cluster, "task.due", event(events.TASK_DUE, reminder), exchange=EXCHANGE)

    def found() -> Counter[str]:
        titles = cluster.sql("task", "SELECT 'task' FROM task WHERE title = 'Late'")
        inbox = "SELECT title FROM notification WHERE task_id = %s AND title LIKE '%%late by 1 h%%'"
        told = ["reminder" for _ in cluster.sql("notification", inbox, (reminder["task_id"],))]
        return Counter([*(row[0] for row in titles), *told, *names(cluster, person).elements()])

    expected = Counter({"task": 1, "reminder": 1, "Late": len(PERSON)})
    until(lambda: found() == expected)

    settle("a command, a reminder and a profile an hour late", expected, found())
    audit.wait_until_settled(cluster, within=30)


BROKEN: dict[str, Any] = {
    "no JSON": b"\x00\xff not JSON",
    "nothing": b"",
    "a list": [1, 2],
    "a text": "task.create",
    "an object of nothing": {},
    "no options": {"options": None},
    "options that are a list": {"options": []},
    "arguments that are a list": {"kwargs": []},
    "no arguments at all": {"args": None},
    "an actor that is a number": {"actor_name": 7},
    "an actor that is a list": {"actor_name": ["task.create"]},
    "an actor that nobody knows": {"actor_name": "task.fly"},
    "another queue's message": {"queue_name": "nowhere"},
    "a time that is a text": {"message_timestamp": "now"},
    "an id that is a number": {"message_id": 7},
    "retries that are a text": {"options": {"retries": "many"}, "kwargs": {"no": "such argument"}},
    "an operation that is no id": {"options": {"operation_id": "7"}, "kwargs": {"no": "such argument"}},
    "a caller that is no id": {"options": {"caller": {"id": "7"}, "operation_id": str(ids.uuid7())}},
    "a caller that is a text": {"options": {"caller": "ada"}},
    "a NUL in an argument": {"kwargs": {"title": "\0"}, "actor_name": "task.fly"},
    "a NUL in its name": {"actor_name": "task.\0"},
    "an argument of a newer version": {"more": {"colour": "red"}},
    "an argument of the wrong type": {"more": {"task_id": 7}},
}


def test_a_damaged_message_ends_in_the_dead_letters_with_a_reason_and_stops_nobody(
    cluster: Cluster, ada: RetryingClient
) -> None:
    bodies = [damaged(fields, ada) for fields in BROKEN.values()]
    listened = [b"no event", b"[]", b"{}", json.dumps({"name": "task.flew", "id": str(ids.uuid7())}).encode()]
    listened += [
        event(events.TASK_DUE, {}),
        event(events.TASK_DUE, events.TASK_DUE.example, id="7"),
        event(events.TASK_DUE, events.TASK_DUE.example, id=7),
        event(events.TASK_DUE, events.TASK_DUE.example, occurred_at="yesterday"),
    ]
    good = [command("task.create", a_task(f"Undisturbed {number}"), ada) for number in range(20)]

    send(cluster, "task", *bodies, *(json.dumps(order).encode() for order in good))
    send(cluster, "task.due", *listened, exchange=EXCHANGE)
    send(cluster, "mail", b"no mail")
    done = "SELECT id::text FROM task WHERE title LIKE 'Undisturbed%%'"
    until(lambda: len(cluster.sql("task", done)) == 20)
    until(lambda: letters(cluster) >= len(BROKEN) + len(listened) + 1 and not cluster.waiting(), within=60)

    settle(
        "20 commands among damaged ones",
        Counter(order["kwargs"]["task_id"] for order in good),
        Counter(row[0] for row in cluster.sql("task", done)),
    )
    settle(
        "damaged messages, applied as dead letters",
        Counter({"letters": len(BROKEN) + len(listened) + 1}),
        Counter({"letters": letters(cluster)}),
    )
    assert [letter for letter in cluster.dead_letters() if not letter[2].strip()] == []


def damaged(fields: Any, caller: RetryingClient) -> bytes:
    """A command with these fields instead of its own, or something else altogether."""
    if not isinstance(fields, dict):
        return fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    if not fields:
        return b"{}"
    order = command("task.create", a_task("Damaged"), caller)
    order["kwargs"] |= fields.get("more", {})
    return json.dumps({**order, **{name: value for name, value in fields.items() if name != "more"}}).encode()


def letters(cluster: Cluster) -> int:
    """How many were given up."""
    return len(cluster.dead_letters())


def test_an_event_of_a_newer_version_is_understood(cluster: Cluster) -> None:
    people = [a_person(display_name="Newer", pronouns="they", avatar={"url": "https://example.org"}) for _ in range(5)]
    bodies = [event(events.USER_UPDATED, person, 2, schema=2, trace={"id": "x"}) for person in people]

    send(cluster, "user.updated", *bodies, exchange=EXCHANGE)
    expected = Counter({(person["user_id"], "Newer"): len(PERSON) for person in people})

    def found() -> Counter[Any]:
        return Counter({(p["user_id"], name): count for p in people for name, count in names(cluster, p).items()})

    until(lambda: found() == expected)

    settle("5 events of a newer version", expected, found())
    audit.wait_until_settled(cluster, within=30)
