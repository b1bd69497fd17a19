"""Which promises are made, and what a change does to those made already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import (
    DEFAULT_RULES,
    Plan,
    Promise,
    Reminder,
    ReminderState,
    Rule,
    arm,
    parse_rules,
    rearm,
)
from punctual.domain.task.zones import zone_named
from tests.domain.task.reminders.rows import recorded

TASK, ANA = UUID(int=1), UUID(int=2)
BERLIN, KIRITIMATI, PAGO_PAGO = (
    zone_named(name) for name in ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago")
)
NOON = datetime(2026, 12, 24, 12, tzinfo=UTC)
TODAY, INSTANT = Due.parse("2026-12-24"), Due.parse("2026-12-24T12:30:00Z")
ALL = DEFAULT_RULES


def promises(due: Due | None, now: datetime = NOON - timedelta(days=90)) -> list[Promise]:
    return arm(TASK, ANA, due, 1, ALL, BERLIN, now)


def rows(due: Due, **states: ReminderState) -> list[Reminder]:
    """The ledger as armed long before; `states` by the place of the rule, others scheduled."""
    return [
        recorded(promise, UUID(int=100 + number), states.get(f"row_{number}", ReminderState.SCHEDULED))
        for number, promise in enumerate(promises(due))
    ]


def replan(
    existing: list[Reminder],
    due: Due | None,
    *,
    version: int = 1,
    rules: tuple[Rule, ...] = ALL,
    zone: ZoneInfo = BERLIN,
    now: datetime = NOON,
) -> Plan:
    return rearm(existing, TASK, ANA, due, version, rules, zone, now)


def wires(promised: list[Promise] | list[Reminder]) -> list[str]:
    return [str(promise.rule) for promise in promised]


def test_ahead_of_the_deadline_every_rule_is_a_promise() -> None:
    armed = promises(INSTANT)

    assert wires(armed) == ["-P1D", "-PT1H", "PT0S", "P1D", "P3D", "P7D", "P14D"]
    assert all((row.task_id, row.user_id, row.due_version, row.occurrence) == (TASK, ANA, 1, 0) for row in armed)


def test_half_an_hour_before_the_deadline_the_earlier_rules_are_not_promised() -> None:
    assert wires(promises(INSTANT, NOON)) == ["PT0S", "P1D", "P3D", "P7D", "P14D"]


def test_for_a_deadline_already_past_only_what_is_ahead_is_promised() -> None:
    assert wires(promises(INSTANT, NOON + timedelta(days=3, hours=1))) == ["P7D", "P14D"]
    assert promises(INSTANT, NOON + timedelta(days=15)) == []


def test_what_would_be_due_this_very_instant_is_not_promised() -> None:
    assert "PT0S" not in wires(promises(INSTANT, INSTANT.ends_at(BERLIN)))


def test_without_a_deadline_nothing_is_promised() -> None:
    assert promises(None) == []


def test_arming_again_changes_nothing() -> None:
    assert not replan(rows(INSTANT), INSTANT)
    assert not replan(rows(TODAY), TODAY)


@pytest.mark.parametrize("zone", [KIRITIMATI, PAGO_PAGO])
def test_a_new_zone_moves_the_promises_of_a_date(zone: ZoneInfo) -> None:
    plan = replan(rows(TODAY), TODAY, zone=zone, now=NOON - timedelta(days=2))

    assert [row.fire_at for row in plan.move] == [rule.fires_at(TODAY, zone) for rule in ALL]
    assert [*plan.insert, *plan.cancel, *plan.supersede] == []


def test_a_new_zone_moves_no_promise_of_an_instant_while_no_clock_changes() -> None:
    assert not replan(rows(INSTANT), INSTANT, zone=KIRITIMATI)


def test_a_promise_whose_time_has_passed_in_the_new_zone_is_kept_late() -> None:
    plan = replan(rows(TODAY), TODAY, zone=KIRITIMATI)

    at_the_deadline = next(row for row in plan.move if row.rule.wire == "PT0S")
    assert at_the_deadline.fire_at == NOON - timedelta(hours=2)
    assert at_the_deadline.state is ReminderState.SCHEDULED


def test_what_was_told_is_not_told_again_in_a_zone_where_it_is_still_ahead() -> None:
    told = rows(TODAY, row_0=ReminderState.FIRED, row_1=ReminderState.EXPIRED, row_2=ReminderState.FIRED)

    plan = replan(told, TODAY, zone=PAGO_PAGO, now=NOON - timedelta(days=2))

    assert wires(plan.move) == ["P1D", "P3D", "P7D", "P14D"]
    assert plan.insert == []


def test_what_was_too_late_to_promise_is_promised_in_a_zone_where_it_is_ahead() -> None:
    evening = NOON + timedelta(hours=10, minutes=30)
    existing = [row for row in rows(TODAY) if row.rule.wire not in {"-P1D", "-PT1H"}]

    plan = replan(existing, TODAY, zone=PAGO_PAGO, now=evening)

    assert wires(plan.insert) == ["-PT1H"]
    assert plan.insert[0].fire_at == datetime(2026, 12, 25, 10, tzinfo=UTC)


def test_a_rule_given_up_is_cancelled_and_a_new_one_promised() -> None:
    plan = replan(rows(INSTANT), INSTANT, rules=parse_rules(["-PT15M", "PT0S", "P1D"]))

    assert wires(plan.cancel) == ["-P1D", "-PT1H", "P3D", "P7D", "P14D"]
    assert wires(plan.insert) == ["-PT15M"]
    assert plan.move == []


def test_a_new_rule_whose_time_is_past_is_not_promised() -> None:
    assert not replan(rows(INSTANT), INSTANT, rules=(*ALL, *parse_rules(["-P2D", "-PT45M"])))


def test_someone_no_longer_concerned_loses_what_is_scheduled_and_nothing_else() -> None:
    existing = rows(INSTANT, row_0=ReminderState.FIRED, row_1=ReminderState.EXPIRED)

    plan = replan(existing, INSTANT, rules=())

    assert plan == Plan(insert=[], move=[], cancel=existing[2:], supersede=[])


def test_what_was_taken_back_is_promised_again_if_its_time_is_ahead() -> None:
    cancelled = [replace(row, state=ReminderState.CANCELLED) for row in rows(INSTANT)]

    plan = replan(cancelled, INSTANT)

    assert plan.move == [replace(row, state=ReminderState.SCHEDULED) for row in cancelled[2:]]
    assert [*plan.insert, *plan.cancel] == []


def test_what_was_taken_back_is_promised_again_at_the_time_of_the_new_zone() -> None:
    cancelled = [replace(row, state=ReminderState.CANCELLED) for row in rows(TODAY)]

    plan = replan(cancelled, TODAY, zone=KIRITIMATI)

    assert wires(plan.move) == ["P1D", "P3D", "P7D", "P14D"]
    assert plan.move[0].fire_at == datetime(2026, 12, 25, 10, tzinfo=UTC)


def test_a_promise_due_already_but_not_yet_kept_stands() -> None:
    assert not replan(rows(INSTANT), INSTANT, now=NOON + timedelta(days=2))


def test_a_new_version_of_the_deadline_supersedes_the_old_promises_and_makes_new_ones() -> None:
    existing = rows(INSTANT, row_0=ReminderState.FIRED, row_1=ReminderState.CANCELLED)

    plan = replan(existing, Due.parse("2026-12-31T12:00:00Z"), version=2)

    assert plan.supersede == existing[2:]
    assert wires(plan.insert) == wires(existing)
    assert {promise.due_version for promise in plan.insert} == {2}
    assert [*plan.move, *plan.cancel] == []


def test_a_deadline_removed_supersedes_all_that_is_scheduled() -> None:
    existing = rows(INSTANT)

    assert replan(existing, None, version=2) == Plan(insert=[], move=[], cancel=[], supersede=existing)


def test_a_settled_row_never_changes_its_state_again() -> None:
    settled = [ReminderState.FIRED, ReminderState.SUPERSEDED, ReminderState.EXPIRED]

    assert not any(state.may_become(other) for state, other in product(settled, ReminderState))


def test_only_a_promise_taken_back_is_scheduled_again() -> None:
    before = {state for state in ReminderState if state.may_become(ReminderState.SCHEDULED)}

    assert before == {ReminderState.CANCELLED}
