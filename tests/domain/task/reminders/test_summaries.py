"""One summary per person of what a long outage made too old."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, strategies as st

from punctual.domain.task.reminders import Reminder, ReminderState, parse_rule, summaries

ANA, BEN = UUID(int=1), UUID(int=2)
RENT, TAXES = UUID(int=11), UUID(int=12)
MONDAY = datetime(2026, 12, 21, 9, tzinfo=UTC)


def missed(user_id: UUID, task_id: UUID, rule: str, hours: int) -> Reminder:
    return Reminder(
        task_id=task_id,
        user_id=user_id,
        rule=parse_rule(rule),
        due_version=1,
        occurrence=0,
        fire_at=MONDAY + timedelta(hours=hours),
        id=UUID(int=100 + hours),
        state=ReminderState.EXPIRED,
    )


ROWS = [
    missed(ANA, RENT, "-P1D", 0),
    missed(ANA, TAXES, "-PT1H", 23),
    missed(BEN, RENT, "PT0S", 24),
    missed(ANA, RENT, "PT0S", 25),
]


def test_each_person_has_one_summary_and_each_task_in_it_its_latest_reminder() -> None:
    of_ana, of_ben = summaries(ROWS)

    assert (of_ana.user_id, of_ana.missed) == (ANA, (ROWS[1], ROWS[3]))
    assert (of_ben.user_id, of_ben.missed) == (BEN, (ROWS[2],))


@given(st.permutations(ROWS + ROWS[:2]))
def test_the_same_rows_in_any_order_are_the_same_summaries(rows: list[Reminder]) -> None:
    assert {summary.user_id: summary for summary in summaries(rows)} == {
        summary.user_id: summary for summary in summaries(ROWS)
    }


def test_other_rows_are_another_summary() -> None:
    ids = {summary.id for rows in (ROWS, ROWS[:2], ROWS[1:2]) for summary in summaries(rows)}

    assert len(ids) == 4


def test_nothing_missed_is_no_summary() -> None:
    assert summaries([]) == []
