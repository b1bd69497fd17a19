"""Whom an event concerns."""

from typing import Any
from uuid import UUID

import pytest

from punctual.domain.notification import KINDS, concerned
from punctual.schemas.events import CATALOGUE

ADA, BOB, CAROL, DAN = (UUID(int=number) for number in range(1, 5))


def task(**fields: Any) -> dict[str, Any]:
    payload = {"assignees": [BOB], "watchers": [ADA, CAROL], **fields}
    return {name: [str(user_id) for user_id in user_ids] for name, user_ids in payload.items()}


def told(kind: str, caller: UUID | None = ADA, **fields: Any) -> list[UUID]:
    return concerned(KINDS[kind], task(**fields), caller)


def test_each_event_that_the_notification_service_hears_is_a_kind_or_feeds_a_replica() -> None:
    heard = {event.name for event in CATALOGUE.values() if "notification" in event.listeners}
    replicas = {"project.created", "project.updated", *(name for name in heard if name.startswith("user."))}

    assert heard - replicas == set(KINDS)


@pytest.mark.parametrize("kind", ["task.updated", "task.status_changed", "task.completed", "task.deleted"])
def test_a_change_concerns_assignees_and_watchers_but_not_who_made_it(kind: str) -> None:
    assert told(kind) == [BOB, CAROL]


def test_an_assignment_concerns_the_newly_assigned_alone() -> None:
    assert told("task.assigned", assignees=[BOB, DAN], user_ids=[DAN]) == [DAN]


def test_who_assigns_themselves_hears_nothing() -> None:
    assert told("task.assigned", user_ids=[ADA]) == []


def test_who_is_taken_off_hears_of_it_too() -> None:
    assert told("task.unassigned", user_ids=[DAN]) == [DAN, BOB, CAROL]


def test_a_mentioned_person_gets_the_mention_and_not_the_comment() -> None:
    assert told("task.mentioned", user_ids=[BOB]) == [BOB]
    assert told("task.commented", user_ids=[BOB]) == [CAROL]


def test_a_new_task_concerns_watchers_who_are_not_assigned() -> None:
    assert told("task.created", watchers=[ADA, BOB, CAROL]) == [CAROL]


def test_who_is_assigned_and_watches_is_told_once() -> None:
    assert told("task.completed", assignees=[BOB], watchers=[BOB, ADA, BOB]) == [BOB]


def test_a_reminder_concerns_its_person_even_without_a_caller() -> None:
    assert concerned(KINDS["task.due"], {"user_id": str(BOB)}, None) == [BOB]
