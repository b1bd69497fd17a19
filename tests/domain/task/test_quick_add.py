"""One line understood as a task: every part where it stands, the rest the title, and never a surprise."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from punctual.domain.task.mentions import Member
from punctual.domain.task.quick_add import Draft, Place, project_of, read
from punctual.kit.ids import uuid7
from tests.domain.task.strategies import instants, zones

ME = uuid7()
BOB = Member(uuid7(), "bob@example.org", "Bob Builder")
ANN = Member(uuid7(), "ann.lee@example.org", "Ann Lee")
ANN_TOO = Member(uuid7(), "ann.marks@example.org", "Ann Marks")
OPS, WEB = Place(uuid7(), "OPS", "Operations"), Place(uuid7(), "WEB", "Website")
# A Wednesday.
NOW = datetime(2026, 12, 23, 14, 30, 15, tzinfo=ZoneInfo("Europe/Berlin"))


def draft(line: str, now: datetime = NOW, project: Place | None = OPS) -> Draft:
    return read(line, now, places=[OPS, WEB], project=project, members=[BOB, ANN, ANN_TOO], me=ME)


def test_the_whole_of_a_line_is_understood() -> None:
    found = draft("Pay rent tomorrow 9:00 !high @bob #WEB", project=None)

    assert found.title == "Pay rent"
    assert str(found.due) == "2026-12-24T08:00:00Z"
    assert (found.priority, found.assignees, found.project) == ("high", [BOB.user_id], WEB)
    assert [(part.kind, part.text) for part in found.parts] == [
        ("due", "tomorrow 9:00"), ("priority", "!high"), ("assignee", "@bob"), ("project", "#WEB"),
    ]  # fmt: skip
    assert found.problems == []


def test_a_project_is_named_by_a_former_key_too_unless_another_has_it_now() -> None:
    moved = Place(uuid7(), "NEW", "Moved", ["OLD", "WEB"])
    places = [WEB, moved]
    found = read("Renew #old #new", NOW, places=places, project=None, members=[], me=ME)

    assert (found.project, found.title, found.problems) == (moved, "Renew", [])
    assert [part.value for part in found.parts] == ["NEW", "NEW"]
    assert project_of("Renew #web", places) == WEB


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("today", "2026-12-23"),
        ("Tomorrow", "2026-12-24"),
        ("fri", "2026-12-25"),
        ("by friday", "2026-12-25"),
        ("wed", "2026-12-30"),
        ("this wednesday", "2026-12-23"),
        ("next friday", "2027-01-01"),
        ("next monday", "2026-12-28"),
        ("in 3 days", "2026-12-26"),
        ("in a week", "2026-12-30"),
        ("in 2 months", "2027-02-23"),
        ("in 3 hours", "2026-12-23T16:30:00Z"),
        ("in 90 mins", "2026-12-23T15:00:00Z"),
        ("2027-01-02", "2027-01-02"),
        ("2027-01-02T09:00:00+01:00", "2027-01-02T08:00:00Z"),
        ("24 Dec", "2026-12-24"),
        ("22 december", "2027-12-22"),
        ("Dec 24th", "2026-12-24"),
        ("24 Dec. 2028", "2028-12-24"),
        ("Jan 3, 2028", "2028-01-03"),
        ("29 feb", "2028-02-29"),
        ("24.12.", "2026-12-24"),
        ("1.2.2027", "2027-02-01"),
        ("01.02.2027,", "2027-02-01"),
        ("17h", "2026-12-23T16:00:00Z"),
        ("9am", "2026-12-24T08:00:00Z"),
        ("12am", "2026-12-23T23:00:00Z"),
        ("at 9:30 pm", "2026-12-23T20:30:00Z"),
        ("noon", "2026-12-24T11:00:00Z"),
        ("fri at 17h30", "2026-12-25T16:30:00Z"),
        ("9:00 on friday", "2026-12-25T08:00:00Z"),
        ("due tomorrow, 9:00.", "2026-12-24T08:00:00Z"),
    ],
)
def test_a_moment_is_understood(words: str, due: str) -> None:
    found = draft(f"Pay {words} rent")

    assert str(found.due) == due
    assert found.title == "Pay rent"
    assert found.problems == []


def test_day_and_time_may_stand_apart() -> None:
    found = draft("Tomorrow call the bank 9:00")

    assert (found.title, str(found.due)) == ("call the bank", "2026-12-24T08:00:00Z")
    assert [part.text for part in found.parts] == ["Tomorrow", "9:00"]


def test_a_time_belongs_to_the_zone_of_the_writer() -> None:
    found = draft("Call 9am tomorrow", NOW.astimezone(ZoneInfo("Asia/Kathmandu")))

    assert str(found.due) == "2026-12-24T03:15:00Z"


@pytest.mark.parametrize(
    "line",
    [
        'Return "The Day After Tomorrow"',
        "Sum up 24.12 and 9",
        "Friday's review",
        "Write to bob@example.org about item #12",
        "Do it !!",
        "Buy 3 days of food in 1000 daysteps",
    ],
)
def test_what_is_none_of_its_words_is_the_title(line: str) -> None:
    found = draft(line)

    assert (found.title, found.parts, found.problems) == (line, [], [])


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("Pay #NOPE", "project", "#NOPE"),
        ("Pay #OPS #WEB", "project", "#WEB"),
        ("Pay !soon", "priority", "!soon"),
        ("Pay !low !high", "priority", "!high"),
        ("Pay @carol", "assignee", "@carol"),
        ("Pay @ann", "assignee", "@ann"),
        ("Pay 2026-02-30", "due", "2026-02-30"),
        ("Pay 9999-01-01", "due", "9999-01-01"),
        ("Pay 31.2.", "due", "31.2."),
        ("Pay 25:00", "due", "25:00"),
        ("Pay today or tomorrow", "due", "tomorrow"),
    ],
)
def test_what_is_not_understood_stays_in_the_title_and_is_told(line: str, kind: str, text: str) -> None:
    found = draft(line)

    [problem] = found.problems
    assert (problem.kind, problem.text) == (kind, text)
    assert line[problem.start : problem.end] == text
    assert text in found.title


def test_what_is_missing_is_told() -> None:
    assert [problem.kind for problem in draft("!high tomorrow", project=None).problems] == ["project", "title"]
    assert [problem.kind for problem in draft("x" * 256).problems] == ["title"]


def test_the_line_names_its_project_before_anything_else_is_known() -> None:
    assert project_of("Pay rent #web, please", [OPS, WEB]) == WEB
    assert project_of('Pay "#WEB" #nope', [OPS, WEB]) is None


def test_oneself_is_me() -> None:
    assert draft("Pay @me @bob @Bob").assignees == [ME, BOB.user_id]


WORDS = (
    'Pay rent next this in a 3 days hours month friday mon 24 dec 24.12. 9:00 9am at on by tomorrow 31.2. 25:00 "q x" '
    '!high !x @bob @ann #OPS #NO " , 2026-12-24 2026-13-01 2026-12-24T09:00:00Z'
)
PIECES = st.sampled_from(sorted(set(WORDS.split(" "))))
lines = st.text(max_size=80) | st.lists(PIECES, max_size=10).map(" ".join)


@given(lines, instants, zones)
def test_no_line_breaks_it_and_what_is_no_part_is_the_title(line: str, now: datetime, zone: ZoneInfo) -> None:
    if not 1971 < now.year < 9000:
        now = datetime(2026, 12, 23, tzinfo=UTC)

    found = draft(line, now.astimezone(zone))

    outside, position = "", 0
    for part in found.parts:
        assert line[part.start : part.end] == part.text
        outside, position = outside + line[position : part.start], part.end
    assert found.title.split() == (outside + line[position:]).split()


@given(lines)
def test_a_title_has_nothing_left_to_understand(line: str) -> None:
    found = draft(line)

    again = draft(found.title)

    if not found.problems:
        assert (again.title, again.parts) == (found.title, [])
    assert draft(line) == found
