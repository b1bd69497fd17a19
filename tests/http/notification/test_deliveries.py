"""Why somebody did, or did not, get something: at the notification, and for administrators everywhere."""

from typing import Any
from uuid import UUID

from dramatiq import Message

from punctual.kit import ids
from punctual.schemas import events
from tests.actors.notification.scene import a_task, a_team, happened
from tests.support.services import Person, Services, eventually
from tests.support.team import Team


async def assigned(services: Services) -> Team:
    crew = await a_team(services)
    await happened(services, events.TASK_ASSIGNED, a_task(crew, user_ids=[crew.member.id]), caller=crew.owner.id)
    return crew


async def listed(admin: Person, **filters: Any) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    answer = await admin.request("notification", "GET", f"/api/v1/deliveries?{query}")
    assert answer.status == 200, answer
    items: list[dict[str, Any]] = answer.body["items"]
    return items


async def test_a_notification_says_what_became_of_it_on_each_channel(services: Services) -> None:
    bob = (await assigned(services)).member
    [item] = (await bob.request("notification", "GET", "/api/v1/notifications")).body["items"]

    answer = await bob.request("notification", "GET", f"/api/v1/notifications/{item['id']}/deliveries")

    in_app, email = answer.body["items"]
    assert (in_app["channel"], in_app["state"], in_app["reason"]) == ("in_app", "sent", None)
    assert in_app["sent_at"] == item["created_at"]
    assert (email["state"], email["reason"]) == ("suppressed", "no mail server configured")


async def test_an_administrator_sees_and_filters_everybodys(services: Services) -> None:
    bob, admin = (await assigned(services)).member, services.person(role="admin")

    every = await listed(admin, user_id=bob.id)
    by_mail = await listed(admin, user_id=bob.id, channel="email")
    sent = await listed(admin, user_id=bob.id, state="sent")
    [of_one] = {row["notification_id"] for row in every}
    answer = await admin.request("notification", "GET", f"/api/v1/notifications/{of_one}/deliveries")

    assert {row["channel"] for row in every} == {"in_app", "email"}
    assert [row["channel"] for row in by_mail] == ["email"]
    assert [row["channel"] for row in sent] == ["in_app"]
    assert {row["id"] for row in answer.body["items"]} == {row["id"] for row in every}


async def test_mails_with_secrets_are_there_too_without_the_secret(services: Services) -> None:
    admin, mail_id = services.person(role="admin"), ids.uuid7()
    kwargs = {
        "mail_id": mail_id, "template": "auth.verification", "to": "carol@example.org",
        "context": {"token": "very-secret"},
    }  # fmt: skip
    message: Message[None] = Message("mail", "notification.send_secret", (), kwargs, {})
    await services.bus.publish("mail", message.encode())

    row = await eventually(lambda: _found(admin, mail_id))

    assert (row["recipient"], row["kind"], row["state"]) == ("carol@example.org", "auth.verification", "suppressed")
    assert "very-secret" not in str(row)


async def _found(admin: Person, mail_id: UUID) -> dict[str, Any] | None:
    return next((row for row in await listed(admin, channel="email") if row["id"] == str(mail_id)), None)


async def test_pages_of_deliveries_follow_one_another(services: Services) -> None:
    crew = await a_team(services)
    everybody = [person.id for person in crew.people.values()]
    for _ in range(2):
        await happened(services, events.TASK_COMPLETED, a_task(crew, watchers=everybody))
    admin, seen, path = services.person(role="admin"), [], "/api/v1/deliveries?limit=7"

    for _ in range(3):
        answer = await admin.request("notification", "GET", path)
        seen += [row["id"] for row in answer.body["items"]]
        path = f"/api/v1/deliveries?limit=7&cursor={answer.body['next_cursor']}"

    assert len(set(seen)) == len(seen) == 21
    assert seen == sorted(seen, reverse=True)


async def test_others_see_their_own(services: Services) -> None:
    crew = await assigned(services)

    own = await listed(crew.member)
    named = await listed(crew.member, user_id=crew.member.id)
    none = await listed(crew.outsider)
    refused = await crew.owner.request("notification", "GET", f"/api/v1/deliveries?user_id={crew.member.id}")

    assert [row["channel"] for row in own] == ["email", "in_app"]
    assert named == own
    assert none == []
    assert refused.status == 403


async def test_what_was_told_of_one_task_is_found_by_it(services: Services) -> None:
    crew, admin = await a_team(services), services.person(role="admin")
    one, other = (a_task(crew, user_ids=[crew.member.id, crew.admin.id]) for _ in range(2))
    told = await happened(services, events.TASK_ASSIGNED, one, caller=crew.owner.id)
    await happened(services, events.TASK_ASSIGNED, other, caller=crew.owner.id)

    own = await listed(crew.member, task_id=one["task_id"], channel="in_app")
    every = await listed(admin, task_id=one["task_id"], channel="in_app")

    assert [(row["event_id"], row["task_id"], row["kind"]) for row in own] == [
        (str(told), str(one["task_id"]), "task.assigned")
    ]  # fmt: skip
    assert {row["user_id"] for row in every} == {str(crew.member.id), str(crew.admin.id)}
