"""A digest is put together by project and task, in the order of what happened."""

from typing import Any

from punctual.domain.notification import contents
from punctual.domain.notification.digest import MOST_LINES


def item(title: str, project: str | None = None, *, now: str | None = None, **data: Any) -> dict[str, Any]:
    return {"title": title, "project_key": now, "project_name": project, "data": data}


def test_what_belongs_together_stands_together_and_the_first_comes_first() -> None:
    told = contents(
        [
            item("Ada assigned OPS-2", "Operations", key="OPS-2", task_title="Second"),
            item("Bob said something on DOC-1", "Docs", key="DOC-1", task_title="First"),
            item("Ada completed OPS-2", "Operations", key="OPS-2", task_title="Second, renamed"),
            item("Ada added you", None, project_key="OPS", project_name="Operations"),
            item("Something failed"),
        ]
    )

    found = [
        (section.key, section.name, [(topic.key, topic.lines) for topic in section.topics.values()])
        for section in told.sections
    ]
    assert found == [
        ("OPS", "Operations", [("OPS-2", ["Ada assigned OPS-2", "Ada completed OPS-2"]), (None, ["Ada added you"])]),
        ("DOC", "Docs", [("DOC-1", ["Bob said something on DOC-1"])]),
        (None, "Punctual", [(None, ["Something failed"])]),
    ]
    assert (told.total, told.left_out) == (5, 0)


def test_what_happened_under_a_former_key_stands_with_what_happened_since() -> None:
    told = contents(
        [
            item("Ada assigned OLD-2", "Operations", now="NEW", key="OLD-2", task_title="Second"),
            item("Ada completed NEW-2", "Operations", now="NEW", key="NEW-2", task_title="Second"),
        ]
    )

    [section] = told.sections
    assert (section.key, [topic.key for topic in section.topics.values()]) == ("NEW", ["NEW-2"])


def test_what_would_be_too_long_to_read_says_how_much_more_there_is() -> None:
    told = contents(item(f"Number {number}") for number in range(MOST_LINES + 3))

    [section] = told.sections
    assert len(section.topics[""].lines) == MOST_LINES
    assert (told.total, told.left_out) == (MOST_LINES + 3, 3)
