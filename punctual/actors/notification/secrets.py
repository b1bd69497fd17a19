"""Mails with a secret in them: invitations, verifications, password resets.

They come straight to the mail queue, wait in a table of their own, and their secret is erased once it isn't
needed any more.
"""

from typing import Any
from uuid import UUID

import dramatiq
from dramatiq.middleware import CurrentMessage

from punctual.actors.notification import mailing, wording
from punctual.actors.notification.rounds import Round
from punctual.domain.notification import Verdict
from punctual.kit import logs, transactions
from punctual.kit.broker import MAIL, broker
from punctual.kit.transactions import Row
from punctual.storage.notification import mails as storage


@dramatiq.actor(
    actor_name="notification.send_secret", queue_name=MAIL, broker=broker, min_backoff=500, max_backoff=60_000
)
def send_secret(*, mail_id: str, template: str, to: str, context: dict[str, Any]) -> None:
    """Keep the mail and send it; `mail_id` makes a repeat harmless."""
    message = CurrentMessage.get_current_message()
    request_id = message.options.get("request_id") if message else None
    with logs.context(request_id=request_id), transactions.begin("notification") as transaction:
        verdict = _first_verdict(transaction, template)
        storage.insert_secret(transaction, UUID(mail_id), template, to, context, verdict)
    if verdict.state == "queued":
        _round.run()


@dramatiq.actor(
    actor_name="notification.deliver_secrets", queue_name=MAIL, broker=broker, min_backoff=500, max_backoff=60_000
)
def deliver_secrets() -> None:
    """Send the mails with secrets that are due."""
    _round.work(deliver_secrets.message())


def _first_verdict(transaction: transactions.Transaction, template: str) -> Verdict:
    if not wording.known(template):
        return Verdict("dead", f"there are no words for {template!r} in this version of Punctual")
    if not mailing.available():
        return Verdict("suppressed", mailing.NO_SERVER)
    return Verdict("queued", next_attempt_at=transaction.now)


def _attempt(row: Row) -> Verdict:
    def write() -> Any:
        letter = wording.letter(row["template"], row["context"])
        return mailing.compose(row["id"], ("", row["recipient"]), letter, row["request_id"])

    return mailing.attempt(write, row["attempts"])


_round = Round(storage.claim_secret, _attempt, storage.settle_secret)
