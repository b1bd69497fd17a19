"""What the changes are drawn from, and what several of them do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.fuzz.ledger.model import Due
from tests.fuzz.ledger.world import PEOPLE, START, World

dates = st.integers(-3, 20).map(lambda days: (START + timedelta(days=days)).date())
instants = st.integers(-30, 400).map(lambda hours: START.replace(minute=0) + timedelta(hours=hours))
dues: st.SearchStrategy[Due] = st.none() | dates | instants
somebody = st.sampled_from(PEOPLE)
which = st.integers(0, 5)
waits = st.sampled_from((0, 0, 0, 2, 20, 70))


def change(**strategies: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule that comes some hours after the one before, and not always before the scheduler has looked."""

    def declare(function: Callable[..., None]) -> Any:
        def changed(self: "Changes", hours: int, **drawn: Any) -> None:
            self.world.pass_time(timedelta(hours=hours))
            function(self, **drawn)

        changed.__name__ = function.__name__
        return rule(hours=waits, **strategies)(changed)

    return declare


class Changes(RuleBasedStateMachine):
    """A world that changes, and the model beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.model = self.world.model

    def teardown(self) -> None:
        self.world.close()

    def pick(self, number: int) -> str:
        return sorted(self.model.tasks)[number % len(self.model.tasks)]

    def schedule(self, task: int, due: Due) -> None:
        name = self.pick(task)
        text = due.isoformat() if due else None
        if self.world.patch(name, due=text) and due != self.model.tasks[name].due:
            self.model.tasks[name].due = due
            self.model.tasks[name].due_version += 1

    def move(self, task: int, status: str) -> None:
        name = self.pick(task)
        if self.world.patch(name, status_id=self.world.statuses[status]):
            self.model.tasks[name].status = status
