"""Preferences over HTTP."""

from typing import Any

import pytest

from punctual.schemas import events
from tests.actors.notification.scene import a_task, a_team, happened, inbox
from tests.support.services import Answer, Person, Services

PATH = "/api/v1/notification-preferences"


async def put(person: Person, *items: dict[str, Any]) -> Answer:
    return await person.request("notification", "PUT", PATH, {"items": list(items)})


def item(kind: str, in_app: Any = True, email: Any = True) -> dict[str, Any]:
    return {"kind": kind, "in_app": in_app, "email": email}


def of(answer: Answer, kind: str) -> dict[str, Any]:
    [found] = [row for row in answer.body["items"] if row["kind"] == kind]
    return found  # type: ignore[no-any-return]


async def test_the_defaults_are_there_before_anything_was_chosen(services: Services) -> None:
    answer = await services.person().request("notification", "GET", PATH)

    assert of(answer, "task.assigned") == item("task.assigned")
    assert of(answer, "task.updated") == item("task.updated", email=False)


async def test_a_choice_is_answered_kept_and_taken_back_by_leaving_it_out(services: Services) -> None:
    bob = services.person()

    chosen = await put(bob, item("task.assigned", email=False), item("task.updated"))
    read = await bob.request("notification", "GET", PATH)
    back = await put(bob)

    assert chosen.status == 200
    assert chosen.body == read.body
    assert of(read, "task.assigned")["email"] is False
    assert of(read, "task.updated")["email"] is True
    assert of(back, "task.assigned")["email"] is True


async def test_a_choice_holds_for_the_next_event(services: Services) -> None:
    crew = await a_team(services)
    await put(crew.member, item("task.completed", in_app=False, email=False))

    await happened(services, events.TASK_COMPLETED, a_task(crew, watchers=[crew.member.id, crew.admin.id]))

    assert (len(inbox(crew.member)), len(inbox(crew.admin))) == (0, 1)


@pytest.mark.parametrize(
    "items",
    [
        [item("task.eaten")],
        [item("task.due"), item("task.due")],
        [{"kind": "task.due"}],
        [item("task.due", in_app="perhaps")],
        [{**item("task.due"), "fax": True}],
        [item("task.due")] * 101,
        "all",
    ],
)
async def test_bad_choices_are_refused_and_change_nothing(services: Services, items: Any) -> None:
    bob = services.person()
    await put(bob, item("task.due", email=False))

    answer = await bob.request("notification", "PUT", PATH, {"items": items})
    read = await bob.request("notification", "GET", PATH)

    assert answer.status == 422, answer
    assert "items" in answer.body["errors"]
    assert of(read, "task.due")["email"] is False


NIGHT = {"from": "22:00", "to": "08:00", "days": ["mon", "fri"]}
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


async def put_quiet(person: Person, quiet: Any) -> Answer:
    return await person.request("notification", "PUT", PATH, {"items": [], "quiet_hours": quiet})


async def test_quiet_hours_are_answered_kept_and_ended_by_null(services: Services) -> None:
    bob = services.person()

    before = await bob.request("notification", "GET", PATH)
    chosen = await put_quiet(bob, NIGHT)
    every_day = await put_quiet(bob, {"from": "22:00", "to": "08:00"})
    left_out = await put(bob, item("task.due", email=False))
    read = await bob.request("notification", "GET", PATH)
    ended = await put_quiet(bob, None)

    assert before.body["quiet_hours"] is None
    assert chosen.body["quiet_hours"] == NIGHT
    assert every_day.body["quiet_hours"] == {**NIGHT, "days": DAYS}
    assert left_out.body == read.body
    assert read.body["quiet_hours"] == {**NIGHT, "days": DAYS}
    assert of(read, "task.due")["email"] is False
    assert ended.body["quiet_hours"] is None


@pytest.mark.parametrize(
    ("quiet", "field"),
    [
        ({"from": "24:00", "to": "08:00"}, "from"),
        ({"from": "22:00", "to": "8:00"}, "to"),
        ({"from": "22:00", "to": "08:00\n"}, "to"),
        ({"from": 22, "to": "08:00"}, "from"),
        ({"from": "22:00"}, "to"),
        ({**NIGHT, "days": []}, "days"),
        ({**NIGHT, "days": ["monday"]}, "days"),
        ({**NIGHT, "days": None}, "days"),
        ({**NIGHT, "until": "noon"}, "until"),
    ],
)
async def test_bad_quiet_hours_are_refused_by_the_name_of_their_field_and_change_nothing(
    services: Services, quiet: dict[str, Any], field: str
) -> None:
    bob = services.person()
    await put_quiet(bob, NIGHT)

    answer = await put_quiet(bob, quiet)

    assert answer.status == 422, answer
    assert list(answer.body["errors"]["quiet_hours"]) == [field]
    assert (await bob.request("notification", "GET", PATH)).body["quiet_hours"] == NIGHT


async def test_quiet_hours_without_an_end_are_refused(services: Services) -> None:
    bob = services.person()

    answer = await put_quiet(bob, {"from": "09:00", "to": "09:00"})

    assert answer.status == 422
    assert "every day" in answer.body["errors"]["quiet_hours"][0]


async def put_digest(person: Person, digest: Any) -> Answer:
    return await person.request("notification", "PUT", PATH, {"items": [], "digest": digest})


async def test_a_digest_is_answered_kept_and_ended_by_null_and_leaves_the_quiet_hours_alone(
    services: Services,
) -> None:
    bob = services.person()
    await put_quiet(bob, NIGHT)

    usual = await put_digest(bob, {"every": "hour"})
    chosen = await put_digest(bob, {"every": "week", "at": "17:30", "day": "fri", "reminders": True})
    read = await bob.request("notification", "GET", PATH)
    ended = await put_digest(bob, None)

    assert usual.body["digest"] == {"every": "hour", "at": "08:00", "day": "mon", "reminders": False}
    assert chosen.body == read.body
    assert read.body["digest"] == {"every": "week", "at": "17:30", "day": "fri", "reminders": True}
    assert (ended.body["digest"], ended.body["quiet_hours"]) == (None, NIGHT)


@pytest.mark.parametrize(
    ("digest", "field"),
    [
        ({}, "every"),
        ({"every": "minute"}, "every"),
        ({"every": "day", "at": "8"}, "at"),
        ({"every": "week", "day": "sunday"}, "day"),
        ({"every": "day", "reminders": "yes"}, "reminders"),
        ({"every": "day", "time": "08:00"}, "time"),
    ],
)
async def test_a_bad_digest_is_refused_by_the_name_of_its_field(
    services: Services, digest: dict[str, Any], field: str
) -> None:
    answer = await put_digest(services.person(), digest)

    assert answer.status == 422, answer
    assert list(answer.body["errors"]["digest"]) == [field]
