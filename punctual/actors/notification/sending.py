"""The mail actor for notifications.

Its messages only say that something may be due; what is due stands in the database. So none of them is needed
for safety, and any number does no harm.
"""

from datetime import UTC, datetime
from email.message import EmailMessage

import dramatiq

from punctual.actors.notification import mailing, wording
from punctual.actors.notification.rounds import Round
from punctual.domain.notification import (
    KINDS,
    Failure,
    Recipient,
    Schedule,
    Unsubscription,
    Verdict,
    after_failure,
    project_key,
    verdicts,
)
from punctual.kit.broker import MAIL, broker
from punctual.kit.transactions import Row, Transaction
from punctual.storage.notification import mails as storage

MOST_CALLS = 4
MAILS_PER_CALL = 10


@dramatiq.actor(actor_name="notification.deliver", queue_name=MAIL, broker=broker, min_backoff=500, max_backoff=60_000)
def deliver() -> None:
    """Send the notifications' e-mails that are due."""
    _round.work(deliver.message())


def wake(transaction: Transaction, mails: int) -> None:
    """Call mail workers for so many new mails: several when it is much for one."""
    for _ in range(min(-(-mails // MAILS_PER_CALL), MOST_CALLS)):
        transaction.send(deliver.message())


def _attempt(row: Row) -> Verdict:
    now = datetime.now(UTC)
    recipient = Recipient(
        row["user_id"], row["time_zone"], row["active"], row["lost_access"], row["in_app"], row["email"],
        Schedule.stored(row["schedule"]),
    )  # fmt: skip
    _, wanted = verdicts(KINDS[row["kind"]], recipient, now, mail=mailing.available())
    if wanted.state != "queued":
        return wanted
    if row["address"] is None:
        # The person's own event is still on its way.
        return after_failure(Failure("the address isn't known yet"), row["attempts"], now, 0)
    return mailing.attempt(lambda: _write(row), row["attempts"])


def _write(row: Row) -> EmailMessage:
    facts = row["data"]
    you = str(row["user_id"]) in facts.get("user_ids", ())
    unsubscription = Unsubscription.signed(row["user_id"], row["kind"], row["key"], bytes(row["secret"])).token
    context = {
        **facts, "title": row["title"], "person": row["display_name"], "zone": row["time_zone"], "you": you,
        "unsubscription": unsubscription,
    }  # fmt: skip
    letter = wording.letter(row["kind"], context)
    message = mailing.compose(row["id"], (row["display_name"], row["address"]), letter, row["request_id"])
    mailing.thread(message, row["task_id"], project_key(facts))
    mailing.offer_unsubscription(message, unsubscription)
    return message


_round = Round(storage.claim_delivery, _attempt, storage.settle_delivery)
