"""A mail worker's round, with the mails and the mail server in the test's hands."""

import threading
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from punctual.actors.notification import rounds
from punctual.actors.notification.rounds import Round
from punctual.domain.notification import Verdict, sent
from punctual.kit import ids
from punctual.kit.transactions import Transaction

pytestmark = pytest.mark.usefixtures("environment")


class Mails:
    """So many mails that are due; notes what was sent and settled. The first `gone` settlements fail."""

    def __init__(self, due: int, gone: int = 0) -> None:
        self.due = [{"id": ids.uuid7(), "attempts": 1, "request_id": None, "traceparent": None} for _ in range(due)]
        self.gone = gone
        self.sent: list[UUID] = []
        self.settled: dict[UUID, Verdict] = {}

    def claim(self, _transaction: Transaction) -> dict[str, Any] | None:
        return self.due.pop(0) if self.due else None

    def deliver(self, row: dict[str, Any]) -> Verdict:
        self.sent.append(row["id"])
        return sent(datetime.now(UTC))

    def settle(self, _transaction: Transaction, mail_id: UUID, _attempt: int, verdict: Verdict) -> None:
        if self.gone:
            self.gone -= 1
            raise psycopg2.OperationalError("gone")
        self.settled[mail_id] = verdict

    def round(self) -> Round:
        return Round(self.claim, self.deliver, self.settle)


def test_everything_due_is_sent_and_settled_once() -> None:
    mails = Mails(5)

    assert mails.round().run() is False
    assert len(set(mails.sent)) == len(mails.sent) == len(mails.settled) == 5


def test_a_database_that_is_gone_after_the_sending_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    mails = Mails(2, gone=3)

    mails.round().run()

    assert len(mails.sent) == len(mails.settled) == 2


def test_a_database_that_is_gone_before_any_sending_is_the_brokers_matter() -> None:
    def claim(_transaction: Transaction) -> None:
        raise psycopg2.OperationalError("gone")

    mails = Mails(0)
    with pytest.raises(psycopg2.OperationalError):
        Round(claim, mails.deliver, mails.settle).run()


def test_a_mail_that_fails_because_of_a_bug_is_tried_later_and_holds_up_no_other() -> None:
    mails = Mails(2)
    bad = mails.due[0]["id"]

    def deliver(row: dict[str, Any]) -> Verdict:
        if row["id"] == bad:
            raise ZeroDivisionError
        return mails.deliver(row)

    Round(mails.claim, deliver, mails.settle).run()

    assert mails.settled[bad].state == "queued"
    assert mails.settled[bad].reason == "a fault in Punctual (ZeroDivisionError); its log says more"
    assert len(mails.sent) == 1


def test_when_the_time_is_up_the_rest_is_left_to_another_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "SECONDS", -1)
    mails = Mails(3)

    assert mails.round().run() is True
    assert mails.sent == []


def test_a_worker_that_is_to_stop_begins_nothing_more() -> None:
    mails = Mails(50)

    class Worker(threading.Thread):
        running = True

        def run(self) -> None:
            self.left = Round(mails.claim, self.deliver, mails.settle).run()

        def deliver(self, row: dict[str, Any]) -> Verdict:
            self.running = len(mails.sent) < 2
            return mails.deliver(row)

    worker = Worker()
    worker.start()
    worker.join(10)

    assert worker.left is True
    assert len(mails.sent) == len(mails.settled) == 3


def test_calls_are_void_when_they_are_old_or_when_nothing_was_due_since() -> None:
    mails, now = Mails(1), time.time()
    mine = mails.round()
    fresh = mine.void(now)
    mine.run()

    assert (fresh, mine.void(now - 5), mine.void(time.time() + 2), mine.void(now - 31)) == (False, True, False, True)
