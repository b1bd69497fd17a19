"""Since when reminders are late, as the canary's say."""

from datetime import UTC, datetime, timedelta

from punctual.domain.notification import KINDS, Recipient, verdicts
from punctual.domain.notification.canary import delayed_since
from punctual.kit.canary import CANARY

PROMISED = datetime(2026, 12, 24, 12, 3, tzinfo=UTC)


def test_a_reminder_that_came_a_minute_ago_is_in_time() -> None:
    assert delayed_since(PROMISED, PROMISED + timedelta(seconds=75)) is None
    assert delayed_since(PROMISED, PROMISED + timedelta(seconds=130)) is None


def test_they_are_delayed_since_the_first_that_did_not_come() -> None:
    since = delayed_since(PROMISED, PROMISED + timedelta(minutes=30))

    assert since == PROMISED + timedelta(minutes=1)


def test_one_that_arrived_long_after_its_time_says_that_they_are_late() -> None:
    arrived = PROMISED + timedelta(minutes=14)

    assert delayed_since(PROMISED, arrived) == PROMISED + timedelta(minutes=1)


def test_no_mail_is_ever_sent_to_the_canary() -> None:
    for kind in KINDS.values():
        _, email = verdicts(kind, Recipient(CANARY, email=True), PROMISED, mail=True)
        assert email.state == "suppressed"
