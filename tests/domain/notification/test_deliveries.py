"""How somebody is told, and what becomes of an attempt."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as some

from punctual.domain.notification import KINDS, Failure, Recipient, Verdict, after_failure, verdicts
from punctual.domain.notification.deliveries import JITTER, RETRY_AFTER

NOW = datetime(2026, 12, 24, 12, tzinfo=UTC)
BOB = UUID(int=2)


def judged(kind: str = "task.assigned", *, mail: bool = True, **facts: object) -> list[tuple[str, str | None]]:
    found = verdicts(KINDS[kind], Recipient(BOB, **facts), NOW, mail=mail)  # type: ignore[arg-type]
    return [(verdict.state, verdict.reason) for verdict in found]


def test_an_assignment_shows_in_the_inbox_and_comes_by_mail() -> None:
    assert judged() == [("sent", None), ("queued", None)]


def test_a_kind_that_is_not_mailed_by_default_says_so() -> None:
    assert judged("task.completed") == [("sent", None), ("suppressed", "not by e-mail unless you ask for it")]
    assert judged("task.completed", email=True) == [("sent", None), ("queued", None)]


def test_a_muted_channel_says_so() -> None:
    assert judged(in_app=False, email=False) == [("suppressed", "muted")] * 2


def test_without_a_mail_server_the_inbox_still_works() -> None:
    assert judged(mail=False) == [("sent", None), ("suppressed", "no mail server configured")]


def test_who_lost_access_or_the_account_is_not_told() -> None:
    assert judged(lost_access=True) == [("suppressed", "lost access")] * 2
    assert judged(active=False) == [("suppressed", "account deactivated")] * 2


def test_losing_access_itself_is_told() -> None:
    assert judged("project.member_removed", lost_access=True) == [("sent", None), ("queued", None)]


@pytest.mark.parametrize(("attempt", "wait"), list(enumerate(RETRY_AFTER, 1)))
def test_a_temporary_failure_is_tried_again_later_and_later(attempt: int, wait: timedelta) -> None:
    soonest = after_failure(Failure("SMTP 421 busy"), attempt, NOW, 0)
    latest = after_failure(Failure("SMTP 421 busy"), attempt, NOW, 1)

    assert soonest == Verdict("queued", "SMTP 421 busy", NOW + wait)
    assert latest.next_attempt_at == NOW + wait * (1 + JITTER)


def test_after_the_last_wait_it_is_given_up() -> None:
    verdict = after_failure(Failure("SMTP 421 busy"), len(RETRY_AFTER) + 1, NOW, 0)

    assert verdict == Verdict("dead", "given up after 7 attempts: SMTP 421 busy")


@given(some.integers(1, 100), some.floats(0, 1))
def test_a_final_failure_is_final_at_any_attempt(attempt: int, jitter: float) -> None:
    verdict = after_failure(Failure("SMTP 550 no such mailbox", final=True), attempt, NOW, jitter)

    assert verdict == Verdict("failed", "SMTP 550 no such mailbox")
