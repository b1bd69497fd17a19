"""The changes that may come in any sequence, and what must hold after each."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from punctual.actors.task import projects, reminders, statuses, tasks
from tests.fuzz.ledger.model import OFFSETS, Due
from tests.fuzz.ledger.world import PEOPLE, START, ZONES, World

dates = st.integers(-3, 20).map(lambda days: (START + timedelta(days=days)).date())
instants = st.integers(-30, 400).map(lambda hours: START.replace(minute=0) + timedelta(hours=hours))
dues: st.SearchStrategy[Due] = st.none() | dates | instants
somebody = st.sampled_from(PEOPLE)
rule_sets = st.none() | st.lists(st.sampled_from(sorted(OFFSETS)), unique=True, max_size=4).map(tuple)
which = st.integers(0, 5)
TOLD = ("task.due_soon", "task.due", "task.overdue", "task.reminders_missed")
waits = st.sampled_from((0, 0, 0, 2, 20, 70))


def change(**strategies: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule that comes some hours after the one before, and not always before the scheduler has looked."""

    def declare(function: Callable[..., None]) -> Any:
        def changed(self: "Ledger", hours: int, **drawn: Any) -> None:
            self.world.pass_time(timedelta(hours=hours))
            function(self, **drawn)

        changed.__name__ = function.__name__
        return rule(hours=waits, **strategies)(changed)

    return declare


class Ledger(RuleBasedStateMachine):
    """Up to three tasks, three people, one project; time passes by hours and days."""

    sequences: ClassVar[int] = 0
    told: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).sequences += 1
        self.world = World()
        self.model = self.world.model
        self.world.create(date(2031, 1, 12), {"ana", "ben"})
        self.move(0, "In progress")

    def teardown(self) -> None:
        type(self).told += len(self.model.told)
        self.world.close()

    def pick(self, number: int) -> str:
        return sorted(self.model.tasks)[number % len(self.model.tasks)]

    @precondition(lambda self: len(self.model.tasks) < 3)
    @change(due=dues, assignees=st.sets(somebody))
    def create(self, due: Due, assignees: set[str]) -> None:
        self.world.create(due, assignees)

    @change(task=which, due=dues)
    def change_due(self, task: int, due: Due) -> None:
        self.schedule(task, due)

    def schedule(self, task: int, due: Due) -> None:
        name = self.pick(task)
        text = due.isoformat() if due else None
        if self.world.patch(name, due=text) and due != self.model.tasks[name].due:
            self.model.tasks[name].due = due
            self.model.tasks[name].due_version += 1

    @change(task=which, assignees=st.sets(somebody))
    def reassign(self, task: int, assignees: set[str]) -> None:
        name = self.pick(task)
        if self.world.patch(name, assignees=[self.world.ids[each] for each in sorted(assignees)]):
            self.model.tasks[name].assignees = set(assignees)

    @change(task=which, person=somebody, assigned=st.booleans())
    def assign(self, task: int, person: str, assigned: bool) -> None:
        name = self.pick(task)
        actor = tasks.assign if assigned else tasks.unassign
        if self.world.do(actor, task=str(self.world.ids[name]), user_id=self.world.ids[person]):
            (set.add if assigned else set.discard)(self.model.tasks[name].assignees, person)

    @change(task=which, person=somebody, watching=st.booleans())
    def watch(self, task: int, person: str, watching: bool) -> None:
        name = self.pick(task)
        reference, user_id = str(self.world.ids[name]), self.world.ids[person]
        if self.world.do(tasks.watch, task=reference, user_id=user_id, watching=watching):
            (set.add if watching else set.discard)(self.model.tasks[name].watchers, person)

    @change(task=which, done=st.booleans())
    def complete(self, task: int, done: bool) -> None:
        name = self.pick(task)
        if not self.world.do(tasks.complete if done else tasks.reopen, task=str(self.world.ids[name])):
            return
        status = self.model.tasks[name].status
        category = self.model.categories[status]
        if done and category != "done":
            self.model.tasks[name].status = next(
                each for each in self.world.statuses if self.model.categories[each] == "done"
            )
        elif not done and category in ("done", "cancelled"):
            self.model.tasks[name].status = "To do"

    @change(task=which, status=st.sampled_from(["To do", "In progress", "Done", "Cancelled"]))
    def change_status(self, task: int, status: str) -> None:
        self.move(task, status)

    def move(self, task: int, status: str) -> None:
        name = self.pick(task)
        if self.world.patch(name, status_id=self.world.statuses[status]):
            self.model.tasks[name].status = status

    @change(category=st.sampled_from(["in_progress", "done", "cancelled"]))
    def recategorise(self, category: str) -> None:
        status_id = self.world.statuses["In progress"]
        changes = {"category": category}
        if self.world.do(
            statuses.update_status, project=str(self.world.project_id), status_id=status_id, changes=changes
        ):
            self.model.categories["In progress"] = category

    @change(task=which)
    def delete(self, task: int) -> None:
        name = self.pick(task)
        if self.world.do(tasks.delete, task=str(self.world.ids[name])):
            self.model.tasks[name].deleted = True

    @change(person=somebody, rules=rule_sets)
    def choose_rules(self, person: str, rules: tuple[str, ...] | None) -> None:
        if self.world.do(reminders.set_rules, by=person, rules=None if rules is None else list(rules)):
            self.model.people[person].rules = rules

    @change(task=which, person=somebody, rules=rule_sets)
    def choose_rules_for_a_task(self, task: int, person: str, rules: tuple[str, ...] | None) -> None:
        name = self.pick(task)
        reference, wires = str(self.world.ids[name]), None if rules is None else list(rules)
        if not self.world.do(reminders.set_task_rules, by=person, task=reference, rules=wires):
            return
        chosen = self.model.tasks[name]
        if rules is None:
            chosen.rules.pop(person, None)
            return
        chosen.rules[person] = rules
        if rules and person not in chosen.assignees:
            chosen.watchers.add(person)

    @change(person=somebody, zone=st.sampled_from(ZONES))
    def move_house(self, person: str, zone: str) -> None:
        self.model.people[person].zone = zone
        self.world.tell_of_person(person)

    @change(person=somebody, active=st.booleans())
    def shut_out_or_let_in(self, person: str, active: bool) -> None:
        self.model.people[person].active = active
        self.world.tell_of_person(person)

    @change(person=somebody, role=st.sampled_from(["viewer", "commenter", "member", "admin"]))
    def change_role(self, person: str, role: str) -> None:
        actor = projects.member_role_changed if self.model.people[person].member else projects.member_added
        self.model.people[person].member = True
        self.world.tell_of_member(actor, person, role)

    @change(person=somebody)
    def leave(self, person: str) -> None:
        self.model.people[person].member = False
        self.world.tell_of_member(projects.member_removed, person, None)
        self.take_off(person)

    @change(person=somebody, task=which, due=dues)
    def leave_and_come_back_before_anybody_is_taken_off(self, person: str, task: int, due: Due) -> None:
        self.world.tell_of_member(projects.member_removed, person, None, deliver=False)
        held, self.world.actors._sent = self.world.actors._sent, type(self.world.actors._sent)()
        self.schedule(task, due)
        self.world.tell_of_member(projects.member_added, person, "member", deliver=False)
        self.model.people[person].member = True
        self.world.actors._sent.extend(held)
        self.world.actors.deliver()

    @change(archived=st.booleans())
    def archive(self, archived: bool) -> None:
        self.model.archived = archived
        self.world.tell_of_project(projects.project_archived if archived else projects.project_updated)

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

    def take_off(self, person: str) -> None:
        for task in self.model.tasks.values():
            if not task.deleted:
                task.assignees.discard(person)
                task.watchers.discard(person)
