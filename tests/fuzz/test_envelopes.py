"""What comes off a queue: whole in every part that a worker relies on, or refused before anybody stumbles over it."""

import json
from typing import Any
from uuid import UUID

from dramatiq import Message
from hypothesis import given, strategies as st

from punctual.kit import ids, messages
from tests.fuzz.texts import json_values

SOUND: dict[str, Any] = {
    "queue_name": "task", "actor_name": "task.create", "args": [], "kwargs": {}, "options": {},
    "message_id": str(ids.uuid7()), "message_timestamp": 1,
}  # fmt: skip
EVENT: dict[str, Any] = {"id": str(ids.uuid7()), "name": "task.due", "payload": {}, "request_id": None}
NAMES = [
    "retries",
    "bugs",
    "request_id",
    "reply_to",
    "fingerprint",
    "if_match",
    "quiet",
    "caller",
    "eta",
    "operation_id",
]
callers = st.dictionaries(st.sampled_from(["id", "role", "session_id"]), json_values | st.uuids().map(str))
options = st.dictionaries(st.sampled_from(NAMES), json_values | callers | st.uuids().map(str), max_size=4)


def decoded(body: bytes, *, event: bool) -> Message[Any] | None:
    """The message, if it is let in."""
    try:
        return messages.decode("task", body, event=event)
    except messages.Damaged:
        return None


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()), st.booleans())
def test_no_bytes_are_taken_for_a_message_by_accident(body: bytes, event: bool) -> None:
    assert decoded(body, event=event) is None


@given(st.sampled_from(sorted(SOUND)), json_values)
def test_each_part_of_a_message_is_of_its_kind(name: str, value: Any) -> None:
    message = decoded(json.dumps({**SOUND, name: value}).encode(), event=False)

    if message is not None:
        assert isinstance(message.actor_name, str)
        assert isinstance(message.message_id, str)
        assert isinstance(message.kwargs, dict)
        assert isinstance(message.options, dict)
        assert message.queue_name == "task"


@given(options)
def test_each_option_of_a_message_is_of_its_kind_or_absent(tried: dict[str, Any]) -> None:
    message = decoded(json.dumps({**SOUND, "options": tried}).encode(), event=False)

    if message is not None:
        told = message.options
        caller = told.get("caller") or {}
        assert isinstance(caller, dict)
        for name in ("retries", "bugs", "if_match"):
            assert told.get(name) is None or type(told[name]) is int
        for known in (told.get("operation_id"), caller.get("id"), caller.get("session_id")):
            assert not known or UUID(known)


@given(st.sampled_from(sorted(EVENT)), json_values)
def test_an_event_goes_to_an_actor_by_its_name(name: str, value: Any) -> None:
    message = decoded(json.dumps({**EVENT, name: value}).encode(), event=True)

    if message is not None:
        event = message.kwargs["event"]
        assert message.actor_name == f"task.{event['name']}"
        assert message.message_id == event["id"]
