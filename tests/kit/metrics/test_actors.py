"""Messages are counted by actor and outcome, and timed."""

import dramatiq
import pytest
from dramatiq import Message, MessageProxy

from punctual.kit.metrics import actors
from punctual.kit.metrics.actors import Counting
from tests.support.scrape import counted
from tests.support.services import Services, eventually

TOTAL = "punctual_messages_total"


class FakeBroker:
    actors = ("task.create",)


def a_message(actor: str = "task.create", *, failed: bool = False) -> MessageProxy:
    message: Message[None] = Message(queue_name="task", actor_name=actor, args=(), kwargs={}, options={})
    proxy = MessageProxy(message)
    proxy.failed = failed
    return proxy


def work(message: MessageProxy, error: BaseException | None = None, state: str | None = None) -> None:
    counting = Counting()
    counting.before_process_message(FakeBroker(), message)
    if state:
        actors.outcome(state)
    counting.after_process_message(FakeBroker(), message, exception=error)


@pytest.mark.parametrize(
    ("message", "error", "state", "outcome"),
    [
        (a_message(), None, None, "done"),
        (a_message(), None, "rejected", "rejected"),
        (a_message(), ValueError(), None, "failed"),
        (a_message(), dramatiq.Retry("Not yet."), None, "retried"),
        (a_message(failed=True), ValueError(), None, "dead"),
    ],
)
def test_a_message_is_counted_with_its_outcome(message, error, state, outcome) -> None:
    before = counted(TOTAL, queue="task", actor="task.create", outcome=outcome)

    work(message, error, state)

    assert counted(TOTAL, queue="task", actor="task.create", outcome=outcome) == before + 1


def test_one_messages_outcome_is_not_the_next_ones() -> None:
    before = counted(TOTAL, queue="task", actor="task.create", outcome="done")

    work(a_message(), state="rejected")
    work(a_message())

    assert counted(TOTAL, queue="task", actor="task.create", outcome="done") == before + 1


def test_names_that_a_damaged_message_made_up_make_no_series() -> None:
    work(a_message("task.invented"), ValueError())

    assert counted(TOTAL, queue="task", actor="task.invented", outcome="failed") == 0
    assert counted(TOTAL, queue="task", actor="unknown", outcome="failed") >= 1


class Gathered(MessageProxy):
    """Several messages that are worked on as one."""

    def __init__(self, *parts: MessageProxy, apart: bool = False) -> None:
        super().__init__(Message(queue_name="task", actor_name="task.create+", args=(), kwargs={}, options={}))
        self.parts = parts
        self.apart = apart


def test_each_of_those_that_are_worked_on_as_one_is_counted_unless_it_comes_again() -> None:
    labels = {"queue": "task", "actor": "task.create", "outcome": "done"}
    before = counted(TOTAL, **labels)

    work(Gathered(a_message(), a_message()))
    work(Gathered(a_message(), a_message(), apart=True), ValueError())

    assert counted(TOTAL, **labels) == before + 2


async def test_commands_and_listeners_are_counted_by_what_became_of_them(services: Services) -> None:
    person = services.person()
    before = {
        state: counted(TOTAL, queue="project", actor="project.create", outcome=state) for state in ("done", "rejected")
    }
    heard = counted(TOTAL, queue="task.events", actor="task.project.created", outcome="done")
    body = {"key": f"M{person.id.hex[-8:].upper()}", "name": "Measured"}

    created = await person.request("project", "POST", "/api/v1/projects", body)
    again = await person.request("project", "POST", "/api/v1/projects", body)

    async def all_counted() -> bool:
        after = {s: counted(TOTAL, queue="project", actor="project.create", outcome=s) for s in before}
        return (
            after == {state: count + 1 for state, count in before.items()}
            and counted(TOTAL, queue="task.events", actor="task.project.created", outcome="done") > heard
        )

    assert (created.status, again.status) == (201, 409)
    assert await eventually(all_counted)
