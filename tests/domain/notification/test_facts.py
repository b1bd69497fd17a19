"""What a notification keeps of its event."""

import pytest

from punctual.domain.notification import KINDS, facts_of
from punctual.domain.notification.facts import EXCERPT
from punctual.schemas import events
from punctual.schemas.events import CATALOGUE


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_something(kind: str) -> None:
    assert facts_of(kind, CATALOGUE[kind].example)


def test_a_long_comment_is_kept_as_an_excerpt() -> None:
    facts = facts_of("task.commented", {**events.TASK_COMMENTED.example, "text": "x" * 100_000})

    assert len(facts["excerpt"]) == EXCERPT + 2


def test_of_long_changes_only_that_they_happened_is_kept() -> None:
    changes = {"title": ["Old", "New"], "description": ["a" * 50_000, "b" * 50_000]}

    facts = facts_of("task.updated", {**events.TASK_UPDATED.example, "changes": changes})

    assert facts["changes"] == {"title": ["Old", "New"], "description": [None, None]}


def test_a_project_is_called_the_same_whichever_event_tells_of_it() -> None:
    of_project = facts_of("project.archived", events.PROJECT_ARCHIVED.example)
    of_member = facts_of("project.member_added", events.PROJECT_MEMBER_ADDED.example)

    assert of_member == {**of_project, "role": "member"}
