"""The canary's reminder goes the way of everybody's, and leaves nothing behind."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from punctual.actors.notification import mailing
from punctual.actors.notification.canary import forget_canaries
from punctual.actors.task.canary import send_canary
from punctual.actors.task.deadlines import check_deadlines
from punctual.http.notification.canary import reminders
from punctual.kit.canary import CANARY
from punctual.kit.mail import MemoryMailer
from tests.support.services import Services, eventually
from tests.support.team import execute, now, rows


@pytest.fixture(autouse=True)
def rested(environment: dict[str, str]) -> Iterator[None]:
    """It was last reminded a while ago, and left no trace."""
    execute("task", "DELETE FROM reminder WHERE task_id = %s", (CANARY,))
    execute("notification", "DELETE FROM notification WHERE user_id = %s", (CANARY,))
    a_minute_passes()
    yield
    execute("notification", "DELETE FROM notification WHERE user_id = %s", (CANARY,))


def a_minute_passes() -> None:
    execute("task", "UPDATE task SET due_at = now() - interval '61 s' WHERE id = %s", (CANARY,))


def ledger() -> list[dict[str, Any]]:
    return rows("task", "SELECT * FROM reminder WHERE task_id = %s", (CANARY,))


def told() -> list[dict[str, Any]]:
    return rows("notification", "SELECT * FROM notification WHERE user_id = %s ORDER BY position", (CANARY,))


async def armed() -> dict[str, Any]:
    async def check() -> list[dict[str, Any]]:
        return [row for row in ledger() if row["state"] == "scheduled"]

    send_canary.send()
    return (await eventually(check))[0]


async def arrived(count: int = 1) -> list[dict[str, Any]]:
    async def check() -> list[dict[str, Any]]:
        found = told()
        return found if len(found) == count else []

    execute("task", "UPDATE reminder SET fire_at = %s WHERE task_id = %s AND state = 'scheduled'", (now(), CANARY))
    check_deadlines.send()
    return await eventually(check)


async def test_it_arrives_in_an_inbox_and_in_no_mailbox(services: Services) -> None:
    mailer = MemoryMailer()
    with mailing.using(mailer):
        await armed()
        [notification] = await arrived()

    sent = rows("notification", "SELECT * FROM delivery WHERE notification_id = %s", (notification["id"],))
    assert notification["kind"] == "task.due"
    assert {row["channel"]: row["state"] for row in sent} == {"in_app": "sent", "email": "suppressed"}
    # What other tests left is mailed meanwhile.
    assert [message for message in mailer.sent if "Canary" in str(message)] == []


async def test_the_next_comes_a_minute_later_and_not_before_the_last_was_kept(services: Services) -> None:
    first = await armed()
    send_canary.fn()
    a_minute_passes()
    send_canary.fn()
    assert [row["id"] for row in ledger()] == [first["id"]]

    await arrived()
    execute("task", "UPDATE task SET due_at = now() - interval '50 s' WHERE id = %s", (CANARY,))
    send_canary.fn()
    assert [row["state"] for row in ledger()] == ["fired"]

    a_minute_passes()
    assert (await armed())["due_version"] == first["due_version"] + 1


async def test_nothing_grows(services: Services) -> None:
    for count in (1, 2, 3):
        a_minute_passes()
        await armed()
        await arrived(count)

    forget_canaries.fn()

    assert len(ledger()) == 1
    assert len(told()) == 1


async def test_people_do_not_meet_it(services: Services) -> None:
    await armed()
    [notification] = await arrived()
    admin = services.person(role="admin")

    for path in (f"/api/v1/tasks/{CANARY}", f"/api/v1/projects/{CANARY}/tasks", f"/api/v1/tasks/{CANARY}/reminders"):
        assert (await admin.request("task", "GET", path)).status == 404
    tasks = await admin.request("task", "GET", "/api/v1/tasks")
    deliveries = await admin.request("notification", "GET", "/api/v1/deliveries")

    assert str(CANARY) not in str(tasks.body)
    assert str(CANARY) not in str(deliveries.body)
    of_it = await admin.request("notification", "GET", f"/api/v1/notifications/{notification['id']}/deliveries")
    assert of_it.status == 404


async def test_reminders_are_delayed_since_the_one_that_did_not_come(services: Services) -> None:
    await services.url("notification")
    await armed()
    await arrived()
    assert await reminders() is None

    long_ago = (now() - timedelta(minutes=14)).replace(microsecond=0)
    execute(
        "notification",
        "UPDATE notification SET data = jsonb_set(data, '{fire_at}', to_jsonb(%s::text)) WHERE user_id = %s",
        (long_ago.isoformat(), CANARY),
    )

    assert await reminders() == long_ago + timedelta(minutes=1)
