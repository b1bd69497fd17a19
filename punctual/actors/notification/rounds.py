"""A mail worker's round: claim what is due with a lease, send it, settle it, until nothing is due any more.

Between "SMTP accepted" and the commit that says so nothing but the death of this process may come: a database
that is gone in that moment is waited for.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from dramatiq import Message
from dramatiq.middleware import CurrentMessage

from punctual.domain.notification import Failure, Verdict, after_failure
from punctual.kit import logs, metrics, traces, transactions
from punctual.kit.relay import relay
from punctual.kit.transactions import Row, Transaction

log = logging.getLogger(__name__)
SECONDS = 60.0
VOID_AFTER_SECONDS = 30.0
MARGIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Attempt:
    mail_id: UUID
    number: int
    verdict: Verdict


@dataclass(slots=True)
class Round:
    """How one table of mails is worked off. `deliver` answers what became of a claimed one."""

    claim: Callable[[Transaction], Row | None]
    deliver: Callable[[Row], Verdict]
    settle: Callable[[Transaction, UUID, int, Verdict], None]
    _nothing_due_at: float = 0.0

    def work(self, again: Message[Any]) -> None:
        """The body of a mail actor: one round, unless its message is void; `again` is sent when work is left."""
        message = CurrentMessage.get_current_message()
        if message and self.void(message.message_timestamp / 1000):
            return
        if self.run():
            with transactions.begin("notification") as transaction:
                transaction.send(again)
            relay.settle("notification", transaction.outgoing)

    def void(self, sent_at: float) -> bool:
        """Whether a call sent then (epoch seconds) can't find anything that others haven't."""
        return sent_at < max(time.time() - VOID_AFTER_SECONDS, self._nothing_due_at - MARGIN_SECONDS)

    def run(self) -> bool:
        """Work until nothing is due; True when the time is up before that.

        Raises what the database raises, unless an attempt is still to be settled.
        """
        deadline = time.monotonic() + SECONDS
        attempt: _Attempt | None = None
        while True:
            looked_at = time.time()
            in_time = time.monotonic() < deadline and _wanted()
            try:
                claimed = self._settle_and_claim(attempt, claim=in_time)
            except Exception as error:
                if attempt is None or not transactions.lost(error):
                    raise
                log.warning("The mail %s is sent, the database gone; waiting for it.", attempt.mail_id)
                time.sleep(1)
                continue
            if claimed is None:
                self._nothing_due_at = looked_at if in_time else self._nothing_due_at
                return not in_time
            with logs.context(request_id=claimed["request_id"]), traces.span("mail", claimed["traceparent"]):
                began = time.perf_counter()
                attempt = _Attempt(claimed["id"], claimed["attempts"], self._deliver(claimed))
                metrics.mail(attempt.verdict.state, time.perf_counter() - began)
                log.info("mail %s: %s %s", attempt.mail_id, attempt.verdict.state, attempt.verdict.reason or "")

    def _deliver(self, claimed: Row) -> Verdict:
        try:
            return self.deliver(claimed)
        except Exception as error:
            # One mail that can't be written or sent must not hold up those behind it.
            log.exception("The mail %s failed because of a fault in Punctual", claimed["id"])
            failure = Failure(f"a fault in Punctual ({type(error).__name__}); its log says more")
            return after_failure(failure, claimed["attempts"], datetime.now(UTC), 0)

    def _settle_and_claim(self, attempt: _Attempt | None, *, claim: bool) -> Row | None:
        with transactions.begin("notification") as transaction:
            if attempt:
                self.settle(transaction, attempt.mail_id, attempt.number, attempt.verdict)
            return self.claim(transaction) if claim else None


def _wanted() -> bool:
    # Dramatiq's worker threads know when they are to stop; what isn't begun then, others take up.
    return bool(getattr(threading.current_thread(), "running", True))
