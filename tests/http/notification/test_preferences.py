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
