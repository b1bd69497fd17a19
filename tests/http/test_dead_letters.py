"""Dead letters over HTTP, for administrators only."""

from typing import Any
from uuid import UUID

import pytest
from dramatiq import Message

from punctual.kit import ids
from tests.support.services import Person, Services, eventually
from tests.support.team import execute, now, rows

LETTERS = "/api/v1/dead-letters/project"


@pytest.fixture
def letter_id(environment: dict[str, str]) -> UUID:
    """A dead letter of the project service: a command that would be rejected, as nobody owns the project."""
    return a_letter()


def a_letter() -> UUID:
    message: Message[Any] = Message(
        "project", "project.archive", (), {"project": "NOPE", "archived": True, "token": "s3cret"},
        {"operation_id": str(ids.uuid7()), "caller": {"id": str(ids.uuid7()), "role": "user"}, "fingerprint": "f"},
        message_id=str(ids.uuid7()),
    )  # fmt: skip
    execute(
        "project",
        "INSERT INTO dead_letter (id, queue, actor, message, body, error, attempts, died_at)"
        " VALUES (%s, 'project', 'project.archive', '{\"kwargs\": {}}', %s, 'ZeroDivisionError: no way', 4, %s)",
        (message.message_id, message.encode(), now()),
    )
    return UUID(message.message_id)


def admin(services: Services) -> Person:
    return services.person(role="admin")


async def test_a_letter_is_listed_and_read(services: Services, letter_id: UUID) -> None:
    ada = admin(services)

    listed = await ada.request("project", "GET", LETTERS)
    read = await ada.request("project", "GET", f"{LETTERS}/{letter_id}")

    [item] = [item for item in listed.body["items"] if item["id"] == str(letter_id)]
    assert item["error"] == "ZeroDivisionError: no way"
    assert read.body == {**item, "message": {"kwargs": {}}}
    assert "s3cret" not in str(read.body)


async def test_pages_of_letters_follow_one_another(services: Services) -> None:
    made = [str(a_letter()) for _ in range(5)]
    ada, seen, path = admin(services), [], f"{LETTERS}?limit=2"

    while path and len(seen) < 6:
        answer = await ada.request("project", "GET", path)
        seen += [item["id"] for item in answer.body["items"]]
        cursor = answer.body["next_cursor"]
        path = f"{LETTERS}?limit=2&cursor={cursor}" if cursor else ""

    assert seen[:5] == made[::-1]


async def test_a_replayed_letter_is_gone_and_its_command_decided(services: Services, letter_id: UUID) -> None:
    ada = admin(services)

    answer = await ada.request("project", "POST", f"{LETTERS}/{letter_id}/replays")
    again = await ada.request("project", "POST", f"{LETTERS}/{letter_id}/replays")

    assert (answer.status, again.status) == (204, 404)
    # It is a command with an argument that its actor doesn't know: it dies once more, now of that.
    assert rows("project", "SELECT id FROM dead_letter WHERE id = %s", (letter_id,)) == []
    await eventually(lambda: _died_again(letter_id), within=30)


async def _died_again(letter_id: UUID) -> bool:
    from punctual.kit.broker import broker

    broker.get_actor("project.collect_dead_letters").send()
    return bool(
        rows("project", "SELECT 1 AS n FROM dead_letter WHERE id = %s AND error LIKE '%%token%%'", (letter_id,))
    )


async def test_a_discarded_letter_is_gone_for_good(services: Services, letter_id: UUID) -> None:
    ada = admin(services)

    answer = await ada.request("project", "DELETE", f"{LETTERS}/{letter_id}")
    read = await ada.request("project", "GET", f"{LETTERS}/{letter_id}")

    assert (answer.status, read.status) == (204, 404)


@pytest.mark.parametrize(("method", "tail"), [("GET", ""), ("GET", "/x"), ("POST", "/x/replays"), ("DELETE", "/x")])
async def test_only_an_administrator_may(services: Services, letter_id: UUID, method: str, tail: str) -> None:
    path = LETTERS + tail.replace("x", str(letter_id))

    answer = await services.person().request("project", method, path)

    assert answer.status == 403
    assert rows("project", "SELECT id FROM dead_letter WHERE id = %s", (letter_id,))


async def test_the_actor_itself_refuses_who_is_no_administrator(services: Services, letter_id: UUID) -> None:
    bob, operation_id = services.person(), ids.uuid7()
    options = {"operation_id": operation_id, "caller": {"id": bob.id, "role": "user"}, "fingerprint": "f"}
    message: Message[Any] = Message("project", "project.discard_dead_letter", (), {"letter_id": letter_id}, options)

    await services.bus.publish("project", message.encode())
    outcome = await eventually(lambda: _rejected(bob, operation_id))

    assert outcome["problem"]["status"] == 403
    assert rows("project", "SELECT id FROM dead_letter WHERE id = %s", (letter_id,))


async def _rejected(person: Person, operation_id: UUID) -> dict[str, Any] | None:
    answer = await person.request("project", "GET", f"/api/v1/operations/project/{operation_id}")
    return answer.body if answer.body["state"] == "rejected" else None
