"""Changes in any sequence, and what must hold after each."""

from datetime import date, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tests.fuzz.ledger.people import PeopleChanges
from tests.fuzz.ledger.tasks import TaskChanges

TOLD = ("task.due_soon", "task.due", "task.overdue", "task.reminders_missed")


class Ledger(TaskChanges, PeopleChanges):
    """Up to three tasks, three people, one project; time passes by hours and days."""

    sequences: ClassVar[int] = 0
    told: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).sequences += 1
        self.world.create(date(2031, 1, 12), {"ana", "ben"})
        self.move(0, "In progress")

    def teardown(self) -> None:
        type(self).told += len(self.model.told)
        super().teardown()

    @rule(hours=st.integers(1, 30) | st.integers(24, 200))
    def pass_time(self, hours: int) -> None:
        self.world.pass_time(timedelta(hours=hours))
        self.world.settle()

    @invariant()
    def the_ledger_is_as_it_should_be(self) -> None:
        self.world.settle()

        assert self.world.ledger("scheduled") == self.model.promised
        assert self.world.ledger("fired").keys() == {key for key, late in self.model.told.items() if not late}
        assert self.world.ledger("expired").keys() == {key for key, late in self.model.told.items() if late}

    @invariant()
    def what_was_told_was_published_once(self) -> None:
        published = [event for event in self.world.actors.published if event["name"] in TOLD]
        reminded = [event["id"] for event in published if event["name"] != "task.reminders_missed"]

        assert len(reminded) == len(set(reminded)) == sum(not late for late in self.model.told.values())
