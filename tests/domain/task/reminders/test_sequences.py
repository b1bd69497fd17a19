"""Any sequence of changes, in any zone, leaves exactly the promises that a plain model expects."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import (
    DEFAULT_RULES,
    Facts,
    Promise,
    Reminder,
    ReminderState,
    Rule,
    judge,
    rearm,
)
from punctual.domain.task.zones import zone_named
from tests.domain.task import strategies as some
from tests.domain.task.reminders.rows import recorded

TASK, ANA = UUID(int=1), UUID(int=2)
START = datetime(2026, 10, 20, 12, tzinfo=UTC)
near_dues = st.builds(lambda days: Due.on((START + timedelta(days=days)).date()), st.integers(-3, 12)) | st.builds(
    lambda hours: Due.at(START + timedelta(hours=hours)), st.integers(-48, 240)
)


class OnePersonOneTask(RuleBasedStateMachine):
    """The ledger is driven by plans and verdicts; the model knows only what is promised and what was told."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.zone, self.chosen = START, zone_named("Europe/Berlin"), DEFAULT_RULES
        self.due: Due | None = None
        self.due_version = 1
        self.concerned, self.completed = True, False
        self.ledger: dict[UUID, Reminder] = {}
        self.promised: set[tuple[int, Rule]] = set()
        self.told: set[tuple[int, Rule]] = set()

    @rule(due=st.none() | near_dues)
    def change_due(self, due: Due | None) -> None:
        self.due, self.due_version = due, self.due_version + 1
        self.rearm()

    @rule(zone=some.zones)
    def move_to(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.rearm()

    @rule(rules=some.rule_sets | st.just(DEFAULT_RULES))
    def change_rules(self, rules: tuple[Rule, ...]) -> None:
        self.chosen = rules
        self.rearm()

    @rule(concerned=st.booleans())
    def assign(self, concerned: bool) -> None:
        self.concerned = concerned
        self.rearm()

    @rule(completed=st.booleans())
    def complete(self, completed: bool) -> None:
        self.completed = completed
        self.rearm()

    @rule(span=some.spans)
    def pass_time(self, span: timedelta) -> None:
        self.now += span

    @rule()
    def check_deadlines(self) -> None:
        facts = Facts(self.due_version, False, self.completed, False, True, self.concerned)
        for row in self.rows(ReminderState.SCHEDULED):
            if row.fire_at <= self.now:
                self.settle(row, judge(row, self.now, facts).state)

    def rearm(self) -> None:
        wanted = self.chosen if self.concerned and not self.completed else ()
        self.promised = self.expected(wanted)
        plan = rearm(list(self.ledger.values()), TASK, ANA, self.due, self.due_version, wanted, self.zone, self.now)
        for promise in plan.insert:
            self.insert(promise)
        for row in plan.move:
            self.become(row.id, row.state)
            self.ledger[row.id] = row
        for row in plan.cancel:
            self.become(row.id, ReminderState.CANCELLED)
        for row in plan.supersede:
            self.become(row.id, ReminderState.SUPERSEDED)

        rows = list(self.ledger.values())
        assert not rearm(rows, TASK, ANA, self.due, self.due_version, wanted, self.zone, self.now)

    def expected(self, wanted: tuple[Rule, ...]) -> set[tuple[int, Rule]]:
        if self.due is None:
            return set()
        keys = {(self.due_version, rule): rule.fires_at(self.due, self.zone) for rule in wanted}
        return {
            key
            for key, instant in keys.items()
            if key not in self.told and (key in self.promised or instant > self.now)
        }

    def insert(self, promise: Promise) -> None:
        assert promise.event_id not in self.ledger
        self.ledger[promise.event_id] = recorded(promise, promise.event_id)

    def settle(self, row: Reminder, state: ReminderState) -> None:
        key = (row.due_version, row.rule)
        assert state in {ReminderState.FIRED, ReminderState.EXPIRED}
        assert key not in self.told
        self.promised.remove(key)
        self.told.add(key)
        self.become(row.id, state)

    def become(self, row_id: UUID, state: ReminderState) -> None:
        row = self.ledger[row_id]
        assert row.state is state or row.state.may_become(state)
        self.ledger[row_id] = replace(row, state=state)

    def rows(self, state: ReminderState) -> list[Reminder]:
        return [row for row in self.ledger.values() if row.state is state]

    @invariant()
    def exactly_what_is_promised_is_scheduled(self) -> None:
        assert {(row.due_version, row.rule) for row in self.rows(ReminderState.SCHEDULED)} == self.promised

    @invariant()
    def each_promise_has_the_time_of_its_deadline_in_the_present_zone(self) -> None:
        for row in self.rows(ReminderState.SCHEDULED):
            assert self.due is not None
            assert row.fire_at == row.rule.fires_at(self.due, self.zone)

    @invariant()
    def exactly_what_was_told_is_settled_as_told(self) -> None:
        told = self.rows(ReminderState.FIRED) + self.rows(ReminderState.EXPIRED)
        assert {(row.due_version, row.rule) for row in told} == self.told
        assert len(told) == len(self.told)


TestOnePersonOneTask = OnePersonOneTask.TestCase
TestOnePersonOneTask.settings = settings(max_examples=100, stateful_step_count=40)
