"""Choices over the defaults of the kinds."""

import pytest

from punctual.domain.notification import KINDS, choices, preferences
from punctual.kit.errors import Invalid


def item(kind: str, **channels: bool) -> dict[str, object]:
    return {"kind": kind, "in_app": True, "email": True, **channels}


def test_without_choices_every_kind_has_its_default() -> None:
    shown = {row["kind"]: row for row in preferences({})}

    assert list(shown) == list(KINDS)
    assert shown["task.assigned"] == {"kind": "task.assigned", "in_app": True, "email": True}
    assert shown["task.completed"] == {"kind": "task.completed", "in_app": True, "email": False}


def test_a_choice_replaces_the_default_of_its_kind_only() -> None:
    shown = {row["kind"]: row for row in preferences(choices([item("task.assigned", email=False)]))}

    assert shown["task.assigned"]["email"] is False
    assert shown["task.mentioned"]["email"] is True


@pytest.mark.parametrize("kinds", [["task.eaten"], ["task.due", "task.due"], ["project.created"]])
def test_unknown_and_doubled_kinds_are_refused(kinds: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        choices([item(kind) for kind in kinds])

    assert refused.value.field == "items"
