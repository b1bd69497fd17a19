"""What becomes of a reminder whose time has come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from punctual.domain.task.reminders import (
    Facts,
    Reason,
    Reminder,
    ReminderState,
    Verdict,
    judge,
    late_text,
    parse_rule,
)

NINE = datetime(2026, 12, 24, 9, tzinfo=UTC)
ON_TIME = timedelta()
FACTS = Facts(due_version=3, deleted=False, completed=False, archived=False, member=True, concerned=True)
ROW = Reminder(
    task_id=UUID(int=1),
    user_id=UUID(int=2),
    rule=parse_rule("PT0S"),
    due_version=3,
    occurrence=0,
    fire_at=NINE,
    id=UUID(int=3),
    state=ReminderState.SCHEDULED,
)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=59), -timedelta(seconds=1)])
def test_within_a_minute_it_fires_on_time(late: timedelta) -> None:
    assert judge(ROW, NINE + late, FACTS) == Verdict(ReminderState.FIRED, None, ON_TIME)


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(minutes=14), timedelta(hours=48)])
def test_up_to_48_hours_later_it_fires_and_knows_how_late_it_is(late: timedelta) -> None:
    assert judge(ROW, NINE + late, FACTS) == Verdict(ReminderState.FIRED, None, late)


def test_after_48_hours_it_is_left_to_the_summary() -> None:
    verdict = judge(ROW, NINE + timedelta(hours=48, seconds=1), FACTS)

    assert (verdict.state, verdict.reason) == (ReminderState.EXPIRED, Reason.TOO_OLD)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(FACTS, deleted=True), Reason.DELETED),
        (replace(FACTS, completed=True), Reason.COMPLETED),
        (replace(FACTS, archived=True), Reason.ARCHIVED),
        (replace(FACTS, member=False), Reason.NOT_A_MEMBER),
        (replace(FACTS, concerned=False), Reason.NOT_CONCERNED),
    ],
)
@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=30)])
def test_it_is_cancelled_with_the_reason_however_late(facts: Facts, reason: Reason, late: timedelta) -> None:
    verdict = judge(ROW, NINE + late, facts)

    assert (verdict.state, verdict.reason) == (ReminderState.CANCELLED, reason)


@pytest.mark.parametrize("version", [2, 4])
def test_for_another_version_of_the_deadline_it_is_superseded(version: int) -> None:
    verdict = judge(ROW, NINE, replace(FACTS, due_version=version))

    assert (verdict.state, verdict.reason) == (ReminderState.SUPERSEDED, Reason.DUE_CHANGED)


@pytest.mark.parametrize(
    "state",
    [ReminderState.FIRED, ReminderState.CANCELLED, ReminderState.SUPERSEDED, ReminderState.EXPIRED],
)
def test_a_row_that_is_settled_cannot_fire_again(state: ReminderState) -> None:
    with pytest.raises(ValueError, match="can't fire"):
        judge(replace(ROW, state=state), NINE, FACTS)


@pytest.mark.parametrize(
    ("late", "text"),
    [
        (timedelta(seconds=59), ""),
        (timedelta(seconds=60), "late by 1 min"),
        (timedelta(minutes=14, seconds=59), "late by 14 min"),
        (timedelta(minutes=59, seconds=59), "late by 59 min"),
        (timedelta(hours=1), "late by 1 h"),
        (timedelta(hours=47, minutes=59), "late by 47 h"),
        (timedelta(hours=48), "late by 2 days"),
        (timedelta(days=30, hours=23), "late by 30 days"),
    ],
)
def test_lateness_is_told_in_the_unit_that_fits(late: timedelta, text: str) -> None:
    assert late_text(late) == text


def test_firing_twice_is_the_same_event() -> None:
    again = replace(ROW, id=UUID(int=99), fire_at=NINE + timedelta(hours=5), state=ReminderState.FIRED)

    assert again.event_id == ROW.event_id


@pytest.mark.parametrize(
    "other",
    [
        replace(ROW, task_id=UUID(int=9)),
        replace(ROW, user_id=UUID(int=9)),
        replace(ROW, rule=parse_rule("P1D")),
        replace(ROW, due_version=4),
        replace(ROW, occurrence=1),
    ],
)
def test_another_promise_is_another_event(other: Reminder) -> None:
    assert other.event_id != ROW.event_id


def test_the_id_of_an_event_is_the_same_in_every_process_and_release() -> None:
    assert ROW.event_id == UUID("9f1121f0-6481-522a-b1b0-bb60463df106")
