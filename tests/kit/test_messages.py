"""What is let in from a queue, and what isn't because somebody would stumble over it."""

import json
from typing import Any

import pytest

from punctual.kit import ids, messages
from punctual.schemas import events

SOUND: dict[str, Any] = {
    "queue_name": "task",
    "actor_name": "task.create",
    "args": [],
    "kwargs": {"title": "x"},
    "options": {"operation_id": str(ids.uuid7()), "caller": {"id": str(ids.uuid7()), "role": "user"}, "retries": 1},
    "message_id": str(ids.uuid7()),
    "message_timestamp": 1,
}
DAMAGED = {
    "queue_name": "elsewhere",
    "actor_name": ["task.create"],
    "args": None,
    "kwargs": [],
    "options": None,
    "message_id": 7,
    "message_timestamp": True,
}
OPTIONS = {"retries": "many", "bugs": True, "caller": "ada", "operation_id": "7", "if_match": "3", "eta": "now"}


def test_a_sound_message_is_let_in() -> None:
    message = messages.decode("task", json.dumps(SOUND).encode(), event=False)

    assert (message.actor_name, message.kwargs) == ("task.create", {"title": "x"})


def test_options_may_be_absent_or_null() -> None:
    bare = {**SOUND, "options": {"operation_id": None, "caller": None, "request_id": None}}

    assert messages.decode("task", json.dumps(bare).encode(), event=False).options == bare["options"]


@pytest.mark.parametrize("name", DAMAGED)
def test_a_part_of_another_type_is_named(name: str) -> None:
    body = json.dumps({**SOUND, name: DAMAGED[name]}).encode()

    with pytest.raises(messages.Damaged, match=r"elsewhere|decoded" if name in ("queue_name", "args") else name):
        messages.decode("task", body, event=False)


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_of_another_type_is_named(name: str) -> None:
    body = json.dumps({**SOUND, "options": {name: OPTIONS[name]}}).encode()

    with pytest.raises(messages.Damaged, match=name):
        messages.decode("task", body, event=False)


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"[]", b'"x"', b"{}", b"null", b"[" * 5000 + b"]" * 5000])
@pytest.mark.parametrize("event", [False, True])
def test_what_is_no_message_is_damaged(body: bytes, event: bool) -> None:
    with pytest.raises(messages.Damaged):
        messages.decode("task", body, event=event)


def test_an_event_is_for_the_listener_of_its_queue() -> None:
    body = json.dumps({"id": str(ids.uuid7()), "name": "task.due", "payload": events.TASK_DUE.example}).encode()

    assert messages.decode("notification.events", body, event=True).actor_name == "notification.task.due"
