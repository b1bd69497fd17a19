"""From an event to the inboxes of those concerned, on real PostgreSQL and RabbitMQ."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from punctual.kit import ids, wire
from punctual.kit.transactions import EVENTS
from punctual.schemas import events
from punctual.schemas.events import EventType
from tests.actors.notification.scene import a_reminder, a_task, a_team, deliveries, happened, inbox, passed, told
from tests.support.scrape import counted
from tests.support.services import Services, eventually
from tests.support.team import Team, applied, execute, membership, rows

TAKEN = (("in_app", "sent"), ("email", "suppressed"))


async def test_the_assigned_hear_of_it_and_who_assigned_them_does_not(services: Services) -> None:
    crew = await a_team(services)
    ada, bob = crew.owner, crew.member
    task = a_task(crew, assignees=[ada.id, bob.id], watchers=[ada.id], user_ids=[ada.id, bob.id])

    await happened(services, events.TASK_ASSIGNED, task, caller=ada.id)

    assert inbox(bob) == [f"Owner assigned {crew.key}-1 to you: Renew the certificate"]
    assert told(ada) == []


async def test_an_event_that_comes_twice_is_told_once(services: Services) -> None:
    crew = await a_team(services)
    task = a_task(crew, assignees=[crew.member.id])
    event_id = await happened(services, events.TASK_COMPLETED, task, caller=crew.owner.id)

    await asyncio.gather(*(services.publish(events.TASK_COMPLETED, task, id=event_id) for _ in range(5)))
    await happened(services, events.TASK_REOPENED, task, caller=crew.owner.id)

    assert len(told(crew.member, event_id)) == 1


async def test_it_is_told_once_even_when_the_inbox_table_has_forgotten_the_event(services: Services) -> None:
    crew = await a_team(services)
    task = a_task(crew, assignees=[crew.member.id])
    event_id = await happened(services, events.TASK_COMPLETED, task, caller=crew.owner.id)
    execute("notification", "DELETE FROM inbox WHERE event_id = %s", (event_id,))

    await happened(services, events.TASK_COMPLETED, task, id=event_id, caller=crew.owner.id)

    assert len(told(crew.member, event_id)) == 1
    assert deliveries(crew.member)["in_app"] == ("sent", None)


async def test_assigned_mentioned_and_watching_still_makes_one_notification_an_event(services: Services) -> None:
    crew = await a_team(services)
    ada, bob, carol = crew.owner, crew.member, crew.commenter
    said = {"comment_id": ids.uuid7(), "text": "@member look", "user_ids": [bob.id]}
    task = a_task(crew, assignees=[bob.id], watchers=[ada.id, bob.id, carol.id], **said)

    await happened(services, events.TASK_COMMENTED, task, caller=ada.id)
    await happened(services, events.TASK_MENTIONED, task, caller=ada.id)

    assert inbox(bob) == [f"Owner mentioned you on {crew.key}-1: Renew the certificate"]
    assert inbox(carol) == [f"Owner commented on {crew.key}-1: Renew the certificate"]


async def test_quiet_events_notify_nobody(services: Services) -> None:
    crew = await a_team(services)

    await passed(services, events.TASK_ASSIGNED, a_task(crew, user_ids=[crew.member.id]), quiet=True)

    assert told(crew.member) == []


async def test_a_deadline_is_told_in_the_readers_zone(services: Services) -> None:
    crew = await a_team(services, member="Europe/Berlin", viewer="Asia/Kathmandu")
    task = a_task(
        crew, due="2026-12-24T13:00:00Z", changes={"due": [None, "2026-12-24T13:00:00Z"]},
        watchers=[crew.member.id, crew.viewer.id],
    )  # fmt: skip

    await happened(services, events.TASK_DUE_CHANGED, task, caller=crew.owner.id)

    assert "to Thu 24 Dec 2026, 14:00:" in inbox(crew.member)[0]
    assert "to Thu 24 Dec 2026, 18:45:" in inbox(crew.viewer)[0]


async def test_a_late_reminder_says_how_late(services: Services) -> None:
    crew = await a_team(services)

    await happened(services, events.TASK_DUE_SOON, a_reminder(crew, crew.member, late_by=840))

    assert inbox(crew.member) == [f"Due Thu 24 Dec 2026: {crew.key}-1 Renew the certificate (late by 14 min)"]


async def test_who_was_removed_is_not_told_and_the_reason_is_kept(services: Services) -> None:
    crew = await a_team(services)
    gone = membership(crew.project_id, crew.key, crew.member, None)
    await happened(services, events.PROJECT_MEMBER_REMOVED, gone, version=9, quiet=True)

    await happened(services, events.TASK_COMPLETED, a_task(crew, watchers=[crew.member.id]))

    assert inbox(crew.member) == []
    assert deliveries(crew.member) == dict.fromkeys(("in_app", "email"), ("suppressed", "lost access"))


async def test_a_deactivated_person_is_not_told(services: Services) -> None:
    crew = await a_team(services)
    profile = {**events.USER_DEACTIVATED.example, "user_id": crew.member.id}
    await happened(services, events.USER_DEACTIVATED, profile, version=5)

    await happened(services, events.TASK_COMPLETED, a_task(crew, watchers=[crew.member.id]))

    assert deliveries(crew.member)["in_app"] == ("suppressed", "account deactivated")


async def test_nothing_is_lost_for_people_and_memberships_not_known_yet(services: Services) -> None:
    crew, bob = await a_team(services), services.person()

    await happened(services, events.TASK_ASSIGNED, a_task(crew, user_ids=[bob.id]), caller=crew.owner.id)

    assert len(inbox(bob)) == 1


async def test_who_is_added_again_is_told_what_an_older_removal_withheld(services: Services) -> None:
    crew = await a_team(services)
    bob = crew.member
    gone = membership(crew.project_id, crew.key, bob, None)
    back = membership(crew.project_id, crew.key, bob, "member")
    await happened(services, events.PROJECT_MEMBER_REMOVED, gone, version=8, quiet=True)
    await happened(services, events.TASK_ASSIGNED, a_task(crew, user_ids=[bob.id]), caller=crew.owner.id)
    assert inbox(bob) == []

    await happened(services, events.PROJECT_MEMBER_ADDED, back, version=9, quiet=True)

    assert inbox(bob) == [f"Owner assigned {crew.key}-1 to you: Renew the certificate"]


async def test_what_happened_before_somebody_came_back_stays_withheld(services: Services) -> None:
    crew = await a_team(services)
    bob = crew.member
    gone = membership(crew.project_id, crew.key, bob, None)
    back = membership(crew.project_id, crew.key, bob, "member")
    await happened(services, events.PROJECT_MEMBER_REMOVED, gone, version=8, quiet=True)
    await happened(services, events.TASK_ASSIGNED, a_task(crew, user_ids=[bob.id]), caller=crew.owner.id)

    later = {"version": 9, "quiet": True, "occurred_at": "2099-01-01T00:00:00Z"}
    await happened(services, events.PROJECT_MEMBER_ADDED, back, **later)

    assert inbox(bob) == []


async def test_an_older_membership_never_overwrites_a_newer(services: Services) -> None:
    crew = await a_team(services)
    bob = crew.member
    await happened(
        services, events.PROJECT_MEMBER_REMOVED, membership(crew.project_id, crew.key, bob, None), 9, quiet=True
    )

    await happened(
        services, events.PROJECT_MEMBER_ADDED, membership(crew.project_id, crew.key, bob, "member"), 7, quiet=True
    )

    assert rows("notification", "SELECT role, version FROM member WHERE user_id = %s", (bob.id,)) == [
        {"role": None, "version": 9}
    ]


async def test_an_older_profile_never_overwrites_a_newer(services: Services) -> None:
    bob = services.person()
    newer = {**events.USER_UPDATED.example, "user_id": bob.id, "display_name": "New", "time_zone": "Asia/Tokyo"}
    older = {**events.USER_CREATED.example, "user_id": bob.id, "display_name": "Old"}

    await happened(services, events.USER_UPDATED, newer, version=3)
    await happened(services, events.USER_CREATED, older, version=1)

    assert rows(
        "notification", "SELECT display_name, time_zone, version FROM person WHERE user_id = %s", (bob.id,)
    ) == [{"display_name": "New", "time_zone": "Asia/Tokyo", "version": 3}]


@pytest.mark.parametrize("event", [events.PROJECT_ARCHIVED, events.PROJECT_DELETED], ids=lambda event: event.name)
async def test_the_members_hear_what_becomes_of_the_project(services: Services, event: EventType) -> None:
    crew = await a_team(services)
    payload = {**event.example, "project_id": crew.project_id, "key": crew.key}

    await happened(services, event, payload, version=7, caller=crew.owner.id)

    assert [len(inbox(person)) for person in (crew.owner, crew.admin, crew.viewer, crew.outsider)] == [0, 1, 1, 0]


async def test_who_is_added_and_removed_hears_both(services: Services) -> None:
    crew = await a_team(services)
    eve = crew.outsider
    for version, role in enumerate(("member", "admin", None), 7):
        event = {"member": events.PROJECT_MEMBER_ADDED, "admin": events.PROJECT_MEMBER_ROLE_CHANGED}.get(
            str(role), events.PROJECT_MEMBER_REMOVED
        )
        payload = membership(crew.project_id, crew.key, eve, role)
        await happened(services, event, payload, version, caller=crew.owner.id)

    assert inbox(eve) == [
        f"Owner added you to Operations ({crew.key})",
        f"Owner made you an admin of Operations ({crew.key})",
        f"Owner removed you from Operations ({crew.key})",
    ]


async def test_an_invitation_shows_in_the_inbox_of_who_has_the_address(services: Services) -> None:
    crew = await a_team(services)
    [known] = rows("notification", "SELECT email FROM person WHERE user_id = %s", (crew.outsider.id,))
    payload = {**events.PROJECT_INVITED.example, "project_id": crew.project_id, "email": known["email"].upper()}

    await happened(services, events.PROJECT_INVITED, payload, caller=crew.owner.id)

    assert inbox(crew.outsider) == ["Owner invited you to Operations (OPS)"]


async def test_a_summary_leaves_out_projects_that_were_left(services: Services) -> None:
    crew, other = await a_team(services), await a_team(services)
    bob = crew.member
    gone = membership(other.project_id, other.key, bob, None)
    await happened(services, events.PROJECT_MEMBER_REMOVED, gone, version=9, quiet=True)
    missed = [a_reminder(crew, bob), a_reminder(other, bob)]

    await happened(services, events.TASK_REMINDERS_MISSED, {"user_id": bob.id, "reminders": missed})

    [row] = told(bob)
    assert row["title"] == "1 reminder came due while Punctual was away"
    assert [reminder["key"] for reminder in row["data"]["reminders"]] == [f"{crew.key}-1"]


async def test_a_project_that_is_left_later_goes_from_a_summary(services: Services) -> None:
    crew, other = await a_team(services), await a_team(services)
    bob = crew.member
    await happened(services, events.PROJECT_MEMBER_ADDED, membership(other.project_id, other.key, bob, "member"), 8)
    missed = [a_reminder(crew, bob), a_reminder(other, bob)]
    await happened(services, events.TASK_REMINDERS_MISSED, {"user_id": bob.id, "reminders": missed})

    gone = membership(other.project_id, other.key, bob, None)
    await happened(services, events.PROJECT_MEMBER_REMOVED, gone, version=9, quiet=True)

    [row] = [row for row in told(bob) if "reminders" in row["data"]]
    assert [reminder["key"] for reminder in row["data"]["reminders"]] == [f"{crew.key}-1"]


async def test_a_failed_operation_is_told_to_its_author(services: Services) -> None:
    bob = services.person()

    await happened(services, events.OPERATION_FAILED, {**events.OPERATION_FAILED.example, "user_id": bob.id})

    assert inbox(bob) == ["Punctual could not finish what you asked for (task.create)"]


async def test_preferences_keep_things_out_of_the_inbox_with_a_reason(services: Services) -> None:
    crew = await a_team(services)
    execute(
        "notification",
        "INSERT INTO preference (user_id, kind, in_app, email) VALUES (%s, 'task.completed', false, false)",
        (crew.member.id,),
    )

    await happened(services, events.TASK_COMPLETED, a_task(crew, watchers=[crew.member.id]))

    assert inbox(crew.member) == []
    assert deliveries(crew.member) == dict.fromkeys(("in_app", "email"), ("suppressed", "muted"))


async def test_a_thousand_watchers_are_told_by_one_event(services: Services) -> None:
    crew = await a_team(services)
    watchers = [ids.uuid7() for _ in range(1_000)]

    event_id = await happened(services, events.TASK_COMPLETED, a_task(crew, watchers=watchers))

    assert rows("notification", "SELECT count(*) AS n FROM notification WHERE event_id = %s", (event_id,)) == [
        {"n": 1_000}
    ]


async def test_positions_grow_with_the_commits_of_a_persons_notifications(services: Services) -> None:
    crew = await a_team(services)
    bob = crew.member
    seen: list[Any] = []

    sent = await asyncio.gather(*(_complete(services, crew, bob.id) for _ in range(60)))
    while len(seen) < len(sent):
        known = [row["position"] for row in told(bob)]
        assert known[: len(seen)] == seen, "something appeared below what was there already"
        seen = known
        await asyncio.sleep(0.005)


async def _complete(services: Services, crew: Team, watcher: Any) -> Any:
    return await services.publish(events.TASK_COMPLETED, a_task(crew, watchers=[watcher]), caller=crew.owner.id)


async def test_news_is_announced_once_to_those_who_can_see_it(services: Services) -> None:
    crew = await a_team(services)
    heard: list[dict[str, Any]] = []

    async def hear(message: Any) -> None:
        heard.append(wire.loads(message.body)["payload"])

    await services.bus.listen(hear, (events.NOTIFICATION_CREATED.name,))
    execute(
        "notification",
        "INSERT INTO preference (user_id, kind, in_app, email) VALUES (%s, 'task.completed', false, false)",
        (crew.viewer.id,),
    )
    task = a_task(crew, watchers=[crew.member.id, crew.viewer.id, crew.admin.id])

    await happened(services, events.TASK_COMPLETED, task, caller=crew.owner.id)
    await eventually(lambda: _named(heard, crew.member.id))
    await happened(services, events.TASK_REOPENED, a_task(crew, watchers=[crew.viewer.id]))
    await eventually(lambda: _named(heard, crew.viewer.id))

    [mine] = await _named(heard, crew.member.id)
    assert mine == {"user_ids": sorted(map(str, (crew.member.id, crew.admin.id)))}


async def _named(heard: list[dict[str, Any]], user_id: UUID) -> list[dict[str, Any]]:
    return [payload for payload in heard if str(user_id) in payload["user_ids"]]


async def test_among_many_events_at_once_a_bad_one_and_doubles_harm_no_other(services: Services) -> None:
    crew = await a_team(services)
    good = [a_task(crew, watchers=[crew.member.id]) for _ in range(30)]
    bad = {**a_task(crew), "assignees": ["nobody's id"]}
    sent = [ids.uuid7() for _ in good]

    await asyncio.gather(
        *(
            services.publish(events.TASK_COMPLETED, task, id=event_id)
            for task, event_id in zip(good, sent, strict=True)
        ),
        *(services.publish(events.TASK_COMPLETED, bad) for _ in range(3)),
        *(
            services.publish(events.TASK_COMPLETED, task, id=event_id)
            for task, event_id in zip(good, sent, strict=True)
        ),
    )
    await applied("notification", sent)

    assert len(inbox(crew.member)) == len(good)


async def test_an_event_without_a_field_goes_to_the_dead_letters_and_holds_up_nobody(services: Services) -> None:
    crew = await a_team(services)
    broken = {"task_id": ids.uuid7()}
    await services.bus.publish(
        events.TASK_COMPLETED.name,
        wire.dumps({"id": ids.uuid7(), "name": "task.completed", "payload": broken}),
        exchange=EVENTS,
    )

    sent = await services.publish(events.TASK_COMPLETED, a_task(crew, watchers=[crew.member.id]))
    await applied("notification", [sent])

    assert len(inbox(crew.member)) == 1


async def test_a_notification_keeps_its_place_in_the_trace_for_its_email(services: Services) -> None:
    crew = await a_team(services)
    place = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    task = a_task(crew, user_ids=[crew.member.id])

    event_id = await happened(services, events.TASK_ASSIGNED, task, caller=crew.owner.id, traceparent=place)

    [notification] = told(crew.member, event_id)
    assert notification["traceparent"] == place


async def test_deliveries_are_counted_by_the_state_that_they_took(services: Services) -> None:
    crew = await a_team(services)
    before = [counted("punctual_deliveries_total", channel=channel, state=state) for channel, state in TAKEN]

    await happened(services, events.TASK_COMPLETED, a_task(crew, assignees=[crew.member.id]), caller=crew.owner.id)

    after = [counted("punctual_deliveries_total", channel=channel, state=state) for channel, state in TAKEN]
    assert all(later > earlier for earlier, later in zip(before, after, strict=True))
