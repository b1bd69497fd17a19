"""The hops of a test notification say where it is, and why it goes no further."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from punctual.domain.notification import state_of, steps

BEGIN = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
TOLD, TAKEN, SENT = (BEGIN + timedelta(seconds=second) for second in (1, 2, 3))


def delivery(state: str, reason: str | None = None, attempts: int = 0) -> dict[str, Any]:
    return {
        "state": state, "reason": reason, "attempts": attempts, "attempted_at": TAKEN if attempts else None,
        "sent_at": SENT if state == "sent" else None,
    }  # fmt: skip


def test_before_it_is_heard_of_it_waits_for_a_worker() -> None:
    way = steps(BEGIN, None, None, None)

    assert [(step.name, step.state) for step in way] == [
        ("accepted", "done"), ("queued", "pending"), ("inbox", "pending"),
        ("worker", "pending"), ("smtp", "pending"), ("delivered", "pending"),
    ]  # fmt: skip
    assert state_of(way) == "pending"


@pytest.mark.parametrize(
    ("email", "state", "last", "told"),
    [
        (delivery("sent", attempts=1), "done", ["done", "done", "done"], None),
        (delivery("suppressed", "muted"), "done", ["skipped", "skipped", "skipped"], "muted"),
        (delivery("suppressed", "muted", 1), "done", ["done", "skipped", "skipped"], "muted"),
        (delivery("queued"), "pending", ["pending", "pending", "pending"], "waits for a mail worker"),
        (delivery("sending", attempts=1), "pending", ["done", "pending", "pending"], "talks with the mail server"),
        (delivery("queued", "SMTP 451 busy", 1), "pending", ["done", "pending", "pending"], "SMTP 451 busy"),
        (delivery("failed", "SMTP 550 no", 1), "failed", ["done", "failed", "skipped"], "SMTP 550 no"),
        (delivery("dead", "given up", 7), "failed", ["done", "failed", "skipped"], "given up"),
    ],
)
def test_the_way_of_the_mail_shows_in_the_last_hops(
    email: dict[str, Any], state: str, last: list[str], told: str | None
) -> None:
    way = steps(BEGIN, TOLD, delivery("sent"), email)

    assert [step.state for step in way] == ["done", "done", "done", *last]
    assert next((step.reason for step in way if step.reason), None) == told
    assert state_of(way) == state


def test_each_hop_that_was_made_has_its_time() -> None:
    way = steps(BEGIN, TOLD, delivery("sent"), delivery("sent", attempts=1))

    assert [step.at for step in way] == [BEGIN, TOLD, SENT, TAKEN, SENT, SENT]


def test_an_inbox_that_is_muted_says_so() -> None:
    way = steps(BEGIN, TOLD, delivery("suppressed", "muted"), delivery("sent", attempts=1))

    assert (way[2].state, way[2].reason) == ("skipped", "muted")
