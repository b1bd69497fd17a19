"""A command that comes twice is done once: the stored outcome answers, whatever the second run stumbles over."""

import time
from functools import partial
from typing import Any

import psycopg2
import pytest
from dramatiq import Message

from punctual.actors.project import projects
from punctual.kit import commands, transactions
from punctual.kit.errors import DomainError
from punctual.kit.ids import uuid7
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction

pytestmark = pytest.mark.usefixtures("environment")


def an_order(**options: Any) -> dict[str, Any]:
    return {"operation_id": uuid7(), "fingerprint": "same", "caller": {"id": str(uuid7())}, **options}


def decide(options: dict[str, Any], function: Any) -> tuple[Outcome, list[Any]]:
    return commands._decide("project", "project.create", options, function, int(time.time() * 1000))


def a_project(**fields: Any) -> Any:
    arguments = {"project_id": uuid7(), "key": f"K{uuid7().hex[-8:].upper()}", "name": "X", "description": "", **fields}
    return partial(projects.create.fn.__wrapped__, **arguments)


def a_message(options: dict[str, Any]) -> Message[Any]:
    return Message("project", "project.create", (), {}, options)


def stored_operations(options: dict[str, Any]) -> int:
    with transactions.begin("project") as transaction:
        return len(transaction.all("SELECT 1 AS one FROM operation WHERE id = %s", (options["operation_id"],)))


def test_the_same_message_again_meets_its_own_row_and_answers_with_the_first_outcome() -> None:
    options, create = an_order(), a_project()

    first, told = decide(options, create)
    again, told_again = decide(options, create)

    assert (first.status, again) == (201, first)
    assert len(told) == 2
    assert told_again == []
    assert stored_operations(options) == 1


def test_the_same_order_with_another_row_answers_with_the_first_outcome() -> None:
    options, project_id = an_order(), uuid7()

    first, _ = decide(options, a_project(project_id=project_id, key=f"A{uuid7().hex[-8:].upper()}"))
    again, _ = decide(options, a_project(key=f"B{uuid7().hex[-8:].upper()}"))

    assert again == first


def test_a_repeat_that_breaks_a_rule_by_its_first_run_answers_with_the_first_outcome() -> None:
    options, key = an_order(), f"C{uuid7().hex[-8:].upper()}"

    first, _ = decide(options, a_project(key=key))
    again, _ = decide(options, a_project(key=key))

    assert first.status == 201
    assert again == first


def test_another_request_under_the_same_key_is_refused_and_the_outcome_stays() -> None:
    options, create = an_order(), a_project()

    first, _ = decide(options, create)
    other, _ = decide({**options, "fingerprint": "other"}, create)

    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert decide(options, create)[0] == first


def test_commands_that_share_a_transaction_are_all_done_or_none_of_them() -> None:
    name = f"D{uuid7().hex[-8:].upper()}"
    orders = [an_order() for _ in range(3)]

    def together(*decisions: Any) -> None:
        messages = [a_message(options) for options in orders]
        commands._perform_all("project", list(zip(messages, decisions, strict=True)))

    with pytest.raises(DomainError):
        together(a_project(), a_project(key=name), a_project(key=name))
    assert [stored_operations(options) for options in orders] == [0, 0, 0]

    together(a_project(), a_project(key=name), a_project())
    assert [stored_operations(options) for options in orders] == [1, 1, 1]
    assert [decide(options, a_project())[0].status for options in orders] == [201, 201, 201]


def test_a_constraint_broken_by_a_first_run_is_a_fault_and_nothing_is_stored() -> None:
    def stumble(transaction: Transaction) -> Outcome:
        transaction.later("INSERT INTO outbox (id) VALUES (NULL)")
        return Outcome.gone()

    options = an_order()

    with pytest.raises(psycopg2.IntegrityError):
        decide(options, stumble)
    assert stored_operations(options) == 0
