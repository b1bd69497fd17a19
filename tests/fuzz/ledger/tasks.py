"""Changes to tasks, to their statuses and to the project."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from punctual.actors.task import projects, statuses, tasks
from tests.fuzz.ledger.changes import Changes, change, dues, somebody, which
from tests.fuzz.ledger.model import Due


class TaskChanges(Changes):
    """What is done to tasks by the project's owner."""

    @precondition(lambda self: len(self.model.tasks) < 3)
    @change(due=dues, assignees=st.sets(somebody))
    def create(self, due: Due, assignees: set[str]) -> None:
        self.world.create(due, assignees)

    @change(task=which, due=dues)
    def change_due(self, task: int, due: Due) -> None:
        self.schedule(task, due)

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

    @change(archived=st.booleans())
    def archive(self, archived: bool) -> None:
        self.model.archived = archived
        self.world.tell_of_project(projects.project_archived if archived else projects.project_updated)
