"""`punctual dead-letters` on the services' real databases."""

import json
from uuid import UUID

import pytest
from dramatiq import Message

from punctual.commands import main
from punctual.kit import ids
from tests.support.team import execute, now, rows

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def none_before(environment: dict[str, str]) -> None:
    """Letters of other tests would be listed, too."""
    for service in ("auth", "user", "project", "task", "notification"):
        execute(service, "DELETE FROM dead_letter")


def a_letter(service: str, error: str = "Traceback …\nZeroDivisionError: no way") -> UUID:
    message: Message[None] = Message(service, f"{service}.sweep_outbox", (), {}, {}, message_id=str(ids.uuid7()))
    execute(
        service,
        "INSERT INTO dead_letter (id, queue, actor, message, body, error, attempts, died_at)"
        ' VALUES (%s, %s, %s, \'{"kwargs": {"token": "[redacted]"}}\', %s, %s, 4, %s)',
        (message.message_id, service, message.actor_name, message.encode(), error, now()),
    )
    return UUID(message.message_id)


def left(service: str) -> set[UUID]:
    return {row["id"] for row in rows(service, "SELECT id FROM dead_letter")}


def dead_letters(*arguments: object) -> int:
    return main(["dead-letters", *map(str, arguments)])


def test_all_services_letters_are_listed_with_what_killed_them(capsys: Output) -> None:
    first, second = a_letter("project"), a_letter("notification")

    assert dead_letters("list") == 0
    shown = capsys.readouterr().out

    assert str(first) in shown
    assert str(second) in shown
    assert "ZeroDivisionError: no way" in shown
    assert "Traceback" not in shown


def test_a_list_can_be_of_one_service(capsys: Output) -> None:
    a_letter("project")

    assert dead_letters("list", "--service", "task") == 0
    assert capsys.readouterr().out == "No dead letters.\n"


def test_one_letter_is_shown_whole_and_found_in_whichever_service(capsys: Output) -> None:
    letter_id = a_letter("task")

    assert dead_letters("show", letter_id) == 0
    shown = json.loads(capsys.readouterr().out)

    assert (shown["service"], shown["id"]) == ("task", str(letter_id))
    assert shown["message"] == {"kwargs": {"token": "[redacted]"}}


def test_a_replayed_letter_is_in_its_queue_again(capsys: Output) -> None:
    letter_id, other = a_letter("project"), a_letter("project")

    assert dead_letters("replay", letter_id) == 0

    assert capsys.readouterr().out == "1 dead letter sent once more.\n"
    assert left("project") == {other}
    assert rows("project", "SELECT id FROM outbox WHERE routing_key = 'project'") == []


def test_all_of_them_can_be_replayed_or_discarded(capsys: Output) -> None:
    for service in ("project", "project", "task"):
        a_letter(service)

    assert dead_letters("discard", "--all", "--service", "project") == 0
    assert dead_letters("replay", "--all") == 0

    assert capsys.readouterr().out.splitlines() == ["2 dead letters discarded.", "1 dead letter sent once more."]
    assert left("project") == left("task") == set()


@pytest.mark.parametrize("action", ["show", "replay", "discard"])
def test_a_letter_that_is_not_there_is_an_error(action: str, capsys: Output) -> None:
    letter_id = ids.uuid7()

    assert dead_letters(action, letter_id) == 1
    assert capsys.readouterr().err == f"punctual: There is no dead letter {letter_id}.\n"


@pytest.mark.parametrize("arguments", [("show",), ("replay",), ("discard",), ("list", "--all"), ("show", "--all")])
def test_what_is_not_clear_is_not_done(arguments: tuple[str, ...], capsys: Output) -> None:
    letter_id = a_letter("project")

    assert dead_letters(*arguments) == 2
    assert capsys.readouterr().err.startswith("punctual: ")
    assert left("project") == {letter_id}


def test_an_id_and_all_together_is_not_clear_either(capsys: Output) -> None:
    letter_id = a_letter("project")

    assert dead_letters("discard", letter_id, "--all") == 2
    assert left("project") == {letter_id}
