"""Which tokens are refused before they expire, and which events make them so."""

import time
from uuid import UUID

import pytest

from punctual.kit import ids
from punctual.kit.denylist import ACCESS_TOKEN_SECONDS, Denylist
from punctual.kit.runtime import apply_revocation
from punctual.schemas import events
from punctual.schemas.events import EventType


def told(event: EventType, **payload: object) -> Denylist:
    """A denylist that has heard of an event."""
    denylist = Denylist()
    apply_revocation(denylist, {"name": event.name, "payload": {**event.example, **payload}})
    return denylist


def test_tokens_from_before_a_revocation_are_refused_and_later_ones_are_not() -> None:
    denylist, user_id = Denylist(), ids.uuid7()
    now = time.time()

    denylist.revoke(user_id, now)

    assert denylist.revokes([user_id], now - 1)
    assert not denylist.revokes([user_id], now + 1)
    assert not denylist.revokes([ids.uuid7(), None], now - 1)


def test_no_token_of_an_ended_session_is_good_again() -> None:
    denylist, session_id = Denylist(), ids.uuid7()

    denylist.end(session_id)

    assert denylist.revokes([session_id], time.time() + ACCESS_TOKEN_SECONDS - 1)


def test_an_older_revocation_doesn_t_shorten_a_newer() -> None:
    denylist, user_id = Denylist(), ids.uuid7()
    now = time.time()

    denylist.revoke(user_id, now)
    denylist.revoke(user_id, now - 60)

    assert denylist.revokes([user_id], now)


def test_what_is_older_than_any_token_is_forgotten() -> None:
    denylist, user_id = Denylist(), ids.uuid7()

    denylist.revoke(user_id, time.time() - 2 * ACCESS_TOKEN_SECONDS)
    denylist.revoke(ids.uuid7())

    assert not denylist.revokes([user_id], 0)


def test_an_ended_session_refuses_its_own_tokens_only() -> None:
    denylist = told(events.SESSION_REVOKED)

    assert denylist.revokes([UUID(events.SESSION_REVOKED.example["session_id"])], time.time())
    assert not denylist.revokes([UUID(events.SESSION_REVOKED.example["user_id"])], time.time() - 1)


@pytest.mark.parametrize(
    ("event", "role", "refused"),
    [
        (events.USER_DEACTIVATED, "admin", True),
        (events.USER_DEACTIVATED, "user", True),
        (events.USER_ROLE_CHANGED, "user", True),
        (events.USER_ROLE_CHANGED, "admin", False),
    ],
)
def test_whoever_loses_something_loses_the_tokens_that_claim_it(event: EventType, role: str, refused: bool) -> None:
    denylist = told(event, role=role)

    assert denylist.revokes([UUID(event.example["user_id"])], time.time() - 1) is refused
