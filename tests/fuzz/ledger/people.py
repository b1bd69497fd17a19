"""Changes to people: their rules, zones, accounts and places in the project."""

from hypothesis import strategies as st

from punctual.actors.task import projects, reminders
from tests.fuzz.ledger.changes import Changes, change, dues, somebody, which
from tests.fuzz.ledger.model import OFFSETS, Due
from tests.fuzz.ledger.world import ZONES

rule_sets = st.none() | st.lists(st.sampled_from(sorted(OFFSETS)), unique=True, max_size=4).map(tuple)


class PeopleChanges(Changes):
    """What people do, and what is done to them."""

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
        with self.world.actors.delivering_later():
            self.schedule(task, due)
            self.world.tell_of_member(projects.member_added, person, "member", deliver=False)
            self.model.people[person].member = True

    def take_off(self, person: str) -> None:
        for task in self.model.tasks.values():
            if not task.deleted:
                task.assignees.discard(person)
                task.watchers.discard(person)
