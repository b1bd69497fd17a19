"""Transactions on a real database: writes held back, all or nothing, constraints as rules."""

import pytest

from punctual.kit import transactions, wire
from punctual.kit.errors import Conflict
from punctual.kit.ids import uuid7
from punctual.schemas import events
from tests.support.team import rows

pytestmark = pytest.mark.usefixtures("environment")
INSERT = "INSERT INTO inbox (event_id, received_at) VALUES (%s, now())"
COUNT = "SELECT count(*) AS n FROM inbox WHERE event_id = %s"


def count(event_id: object) -> int:
    return int(rows("task", COUNT, (event_id,))[0]["n"])


def test_what_is_held_back_is_there_for_the_next_read_and_after_the_commit() -> None:
    event_id = uuid7()

    with transactions.begin("task") as transaction:
        transaction.later(INSERT, (event_id,))
        inside = transaction.one(COUNT, (event_id,))

    assert inside == {"n": 1}
    assert count(event_id) == 1


def test_an_exception_undoes_everything() -> None:
    event_id = uuid7()

    def fail() -> None:
        with transactions.begin("task") as transaction:
            transaction.later(INSERT, (event_id,))
            transaction.one(COUNT, (event_id,))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert count(event_id) == 0


def test_a_broken_constraint_is_the_rule_it_stands_for() -> None:
    event_id = uuid7()
    rule = Conflict("Twice.")

    def insert_twice() -> None:
        with transactions.begin("task") as transaction:
            transaction.later(INSERT, (event_id,))
            transaction.later(INSERT, (event_id,), violates={"inbox_pkey": rule})

    with pytest.raises(Conflict) as error:
        insert_twice()

    assert error.value is rule
    assert count(event_id) == 0


def test_events_stand_in_the_outbox_with_the_change() -> None:
    with transactions.begin("task") as transaction:
        event_id = transaction.publish(events.PROJECT_CREATED, 1, {"project_id": uuid7()})

    (row,) = rows("task", "SELECT * FROM outbox WHERE id = %s", (event_id,))
    body = wire.loads(bytes(row["body"]))
    assert (row["exchange"], row["routing_key"]) == (transactions.EVENTS, "project.created")
    assert body["id"] == str(event_id)
    with transactions.begin("task") as transaction:
        transaction.later("DELETE FROM outbox WHERE id = %s", (event_id,))


def test_the_connection_serves_again_after_an_error() -> None:
    with pytest.raises(transactions.psycopg2.ProgrammingError), transactions.begin("task") as transaction:
        transaction.all("SELECT nonsense FROM nowhere")

    assert count(uuid7()) == 0


def test_a_transaction_that_does_nothing_costs_nothing() -> None:
    with transactions.begin("task"):
        pass
