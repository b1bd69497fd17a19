"""Statements are prepared once a connection, and a fault in between leaves nothing believed that isn't so."""

from uuid import UUID

import psycopg2
import pytest

from punctual.kit import transactions
from punctual.kit.ids import uuid7
from punctual.kit.prepared import Prepared

pytestmark = pytest.mark.usefixtures("environment")


class FakeCursor:
    def mogrify(self, sql: str, values: tuple[object, ...]) -> bytes:
        return (sql % tuple(f"'{value}'" for value in values)).encode() if values else sql.encode()


def test_the_first_use_prepares_and_the_next_only_executes() -> None:
    prepared, task_id = Prepared(), uuid7()

    statement = prepared.statement(FakeCursor(), "SELECT 1 FROM task WHERE id = %s AND title LIKE 'a%%'", (task_id,))
    first, second = prepared.text(statement), prepared.text(statement)

    assert first == (
        b"PREPARE p0 (uuid) AS SELECT 1 FROM task WHERE id = $1 AND title LIKE 'a%';\n"
        + f"EXECUTE p0 ('{task_id}')".encode()
    )
    assert second == f"EXECUTE p0 ('{task_id}')".encode()


def test_values_of_other_types_are_another_statement() -> None:
    prepared = Prepared()

    with_text = prepared.text(prepared.statement(FakeCursor(), "SELECT %s", ("x",)))
    with_id = prepared.text(prepared.statement(FakeCursor(), "SELECT %s", (uuid7(),)))

    assert with_text.startswith(b"PREPARE p0 (unknown)")
    assert with_id.startswith(b"PREPARE p1 (uuid)")


def test_lists_nulls_and_numbers_find_their_types() -> None:
    people = [uuid7(), uuid7()]

    for _ in range(2):
        with transactions.begin("task") as transaction:
            row = transaction.one(
                "SELECT %s::uuid[] AS people, %s::text IS NULL AS absent, cardinality(%s::uuid[]) AS none,"
                " 3 < %s AS more, 'b' = ANY(%s) AS within",
                (people, None, [], 4, ["a", "b"]),
            )

    assert row == {"people": people, "absent": True, "none": 0, "more": True, "within": True}


def test_a_fault_while_preparing_is_forgotten() -> None:
    def fail(value: UUID) -> None:
        with transactions.begin("task") as transaction:
            transaction.later("SELECT 1 / 0")
            transaction.one("SELECT 1 AS one WHERE %s = %s", (value, value))

    for _ in range(2):
        with pytest.raises(psycopg2.errors.DivisionByZero):
            fail(uuid7())

    with transactions.begin("task") as transaction:
        value = uuid7()
        assert transaction.one("SELECT 1 AS one WHERE %s = %s", (value, value)) == {"one": 1}


def test_a_write_that_never_left_is_not_believed_prepared() -> None:
    def give_up(value: UUID) -> None:
        with transactions.begin("task") as transaction:
            transaction.later("DELETE FROM inbox WHERE event_id = %s AND event_id <> %s", (value, value))
            raise ValueError("changed its mind")

    with pytest.raises(ValueError, match="mind"):
        give_up(uuid7())

    with transactions.begin("task") as transaction:
        value = uuid7()
        transaction.later("DELETE FROM inbox WHERE event_id = %s AND event_id <> %s", (value, value))


def test_a_fault_before_a_held_write_leaves_it_to_be_prepared_anew() -> None:
    def fail(value: UUID) -> None:
        with transactions.begin("task") as transaction:
            transaction.later("SELECT 1 / 0")
            transaction.later("DELETE FROM inbox WHERE event_id = %s OR event_id = %s", (value, value))

    with pytest.raises(psycopg2.errors.DivisionByZero):
        fail(uuid7())

    with transactions.begin("task") as transaction:
        value = uuid7()
        transaction.later("DELETE FROM inbox WHERE event_id = %s OR event_id = %s", (value, value))
