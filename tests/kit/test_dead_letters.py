"""Messages that are given up: from RabbitMQ into the owner's table, and back to work."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from dramatiq import Message

from punctual.kit import dead_letters, ids, letters, wire
from punctual.kit.broker import broker
from punctual.kit.transactions import EVENTS
from punctual.schemas import events
from tests.support.services import Person, Services, eventually
from tests.support.team import execute, rows

SERVICE = "notification"


@pytest.fixture(autouse=True)
def none_before(environment: dict[str, str]) -> None:
    """Letters of other tests would only be in the way."""
    execute(SERVICE, "DELETE FROM dead_letter")


@pytest.fixture
def fragile(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """An actor of the service that is broken until it is mended."""
    actor = broker.get_actor("notification.mark_all")
    working = actor.fn

    def broken(**_: Any) -> None:
        raise ZeroDivisionError("no way")

    def set_broken(value: bool) -> None:
        monkeypatch.setattr(actor, "fn", broken if value else working)

    set_broken(True)
    # Retries wait for half a second and more; what they wait for isn't the matter here.
    monkeypatch.setitem(actor.options, "min_backoff", 10)
    monkeypatch.setitem(actor.options, "max_backoff", 20)
    return set_broken


def mark_all(person: Person, operation: UUID) -> Message[Any]:
    """A command as its handler sends it."""
    options = {"operation_id": operation, "caller": {"id": person.id, "role": "user"}, "fingerprint": "f"}
    return Message(SERVICE, "notification.mark_all", (), {"until": "2026-12-24T00:00:00Z", "token": "s3cret"}, options)


async def collected(letter_id: object = None, service: str = SERVICE) -> dict[str, Any]:
    """The letter once it is in the table, the collector sent as the scheduler would."""

    async def check() -> dict[str, Any] | None:
        await asyncio.to_thread(broker.get_actor(f"{service}.collect_dead_letters").send)
        await asyncio.sleep(0.1)
        found = rows(service, "SELECT * FROM dead_letter WHERE %s::uuid IS NULL OR id = %s", (letter_id, letter_id))
        return found[0] if found else None

    return await eventually(check)


async def operation(person: Person, operation_id: UUID) -> dict[str, Any]:
    answer = await person.request(SERVICE, "GET", f"/api/v1/operations/{SERVICE}/{operation_id}")
    body: dict[str, Any] = answer.body
    return body


async def test_a_bug_ends_in_the_table_the_operation_fails_and_the_author_is_told(
    services: Services, fragile: Callable[[bool], None]
) -> None:
    bob, operation_id = services.person(), ids.uuid7()
    message = mark_all(bob, operation_id)

    await services.bus.publish(SERVICE, message.encode())
    letter = await collected(message.message_id)
    inbox = await eventually(lambda: _inbox(bob))

    assert (letter["queue"], letter["actor"], letter["attempts"]) == (SERVICE, "notification.mark_all", 4)
    assert "ZeroDivisionError: no way" in letter["error"]
    assert letter["message"]["kwargs"] == {"until": "2026-12-24T00:00:00Z", "token": "[redacted]"}
    assert (await operation(bob, operation_id))["state"] == "failed"
    assert inbox["title"] == "Punctual could not finish what you asked for (notification.mark_all)"
    assert inbox["data"]["operation_id"] == str(operation_id)


async def _inbox(person: Person) -> dict[str, Any] | None:
    answer = await person.request(SERVICE, "GET", "/api/v1/notifications")
    return next(iter(answer.body["items"]), None)


async def test_replayed_after_the_cause_is_mended_the_command_is_done(
    services: Services, fragile: Callable[[bool], None]
) -> None:
    bob, operation_id = services.person(), ids.uuid7()
    message = mark_all(bob, operation_id)
    message.kwargs.pop("token")
    await services.bus.publish(SERVICE, message.encode())
    await collected(message.message_id)
    fragile(False)

    with dead_letters.opened(SERVICE) as transaction:
        dead_letters.replay(transaction, UUID(message.message_id))
    done = await eventually(lambda: _ended(bob, operation_id))

    assert done["state"] == "done"
    assert rows(SERVICE, "SELECT id FROM dead_letter") == []
    assert rows(SERVICE, "SELECT id FROM outbox WHERE routing_key = %s", (SERVICE,)) == []


async def _ended(person: Person, operation_id: UUID) -> dict[str, Any] | None:
    found = await operation(person, operation_id)
    return found if found["state"] in ("done", "rejected") else None


async def test_replayed_while_the_cause_stays_it_comes_back(
    services: Services, fragile: Callable[[bool], None]
) -> None:
    message = mark_all(services.person(), ids.uuid7())
    await services.bus.publish(SERVICE, message.encode())
    first = await collected(message.message_id)

    with dead_letters.opened(SERVICE) as transaction:
        dead_letters.replay(transaction, first["id"])
    again = await collected(message.message_id)

    assert again["died_at"] > first["died_at"]
    assert again["attempts"] == 4


async def test_what_is_no_message_is_kept_as_it_is(services: Services) -> None:
    await services.bus.publish(SERVICE, b"\xff not JSON")

    letter = await collected()

    assert (letter["actor"], letter["error"]) == (None, "The message can't be decoded.")
    assert bytes(letter["body"]) == b"\xff not JSON"


async def test_a_command_without_an_actor_says_so(services: Services) -> None:
    message: Message[Any] = Message(SERVICE, "notification.dance", (), {}, {})
    await services.bus.publish(SERVICE, message.encode())

    letter = await collected(message.message_id)

    assert letter["error"] == "There is no actor notification.dance in this version of Punctual."


async def test_an_event_without_a_listener_is_kept_and_can_be_replayed(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, event_id = services.person(), ids.uuid7()
    name = f"{SERVICE}.user.updated"
    listener = broker.actors[name]
    monkeypatch.delitem(broker.actors, name)
    profile = {**events.USER_UPDATED.example, "user_id": bob.id}

    await services.publish(events.USER_UPDATED, profile, id=event_id)
    letter = await collected(event_id)
    monkeypatch.setitem(broker.actors, name, listener)
    with dead_letters.opened(SERVICE) as transaction:
        dead_letters.replay(transaction, event_id)
    await eventually(lambda: _known(bob))

    assert letter["error"] == f"There is no actor {name} in this version of Punctual."
    assert letter["queue"] == f"{SERVICE}.events"


async def _known(person: Person) -> bool:
    return bool(rows(SERVICE, "SELECT 1 AS known FROM person WHERE user_id = %s", (person.id,)))


async def test_an_event_that_a_listener_can_not_take_is_kept_for_that_listener_alone(services: Services) -> None:
    event_id = ids.uuid7()
    body = {
        "id": event_id, "name": "task.completed", "version": 1, "occurred_at": "2026-11-22T10:00:00.000Z",
        "caller": None, "request_id": None, "quiet": False, "payload": {"task_id": ids.uuid7()},
    }  # fmt: skip
    await services.bus.publish("task.completed", wire.dumps(body), exchange=EVENTS)

    letter = await collected(event_id)

    assert (letter["queue"], letter["actor"]) == ("notification.events", "notification.task.completed")
    assert "KeyError" in letter["error"]


async def test_the_mail_queues_dead_letters_belong_to_notification(services: Services) -> None:
    message: Message[Any] = Message("mail", "notification.send_carrier_pigeon", (), {}, {})
    await services.bus.publish("mail", message.encode())

    letter = await collected(message.message_id)

    assert letter["queue"] == "mail"


async def test_collected_twice_it_is_kept_once(services: Services) -> None:
    message: Message[Any] = Message(SERVICE, "notification.dance", (), {}, {})
    await services.bus.publish(SERVICE, message.encode())
    await collected(message.message_id)

    await services.bus.publish(f"{SERVICE}.XQ", message.encode())
    await collected(message.message_id)
    await asyncio.sleep(0.3)

    assert len(rows(SERVICE, "SELECT id FROM dead_letter WHERE id = %s", (message.message_id,))) == 1


def test_secrets_are_redacted_at_any_depth() -> None:
    hidden = letters.redacted({"a": [{"password": "x", "to": "y"}], "context": {"z": 1}, "refresh_token": "t"})

    assert hidden == {
        "a": [{"password": "[redacted]", "to": "y"}],
        "context": "[redacted]",
        "refresh_token": "[redacted]",
    }
