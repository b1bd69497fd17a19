"""The mail actor for digests: one e-mail of what is still unread."""

from collections import defaultdict
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

import dramatiq

from punctual.actors.notification import mailing, wording
from punctual.actors.notification.rounds import Round
from punctual.domain.notification import (
    ALL_KINDS,
    KINDS,
    Failure,
    Recipient,
    Schedule,
    Unsubscription,
    Verdict,
    after_failure,
    contents,
    postponed,
    unread,
    verdicts,
)
from punctual.kit.broker import MAIL, broker
from punctual.kit.transactions import Row, Transaction
from punctual.storage.notification import digests as storage

_NOTHING = Verdict("suppressed", "nothing was left to tell")


@dramatiq.actor(
    actor_name="notification.deliver_digests", queue_name=MAIL, broker=broker, min_backoff=500, max_backoff=60_000
)
def deliver_digests() -> None:
    """Send the digests that are due."""
    _round.work(deliver_digests.message())


def _claim(transaction: Transaction) -> Row | None:
    claimed = storage.claim(transaction)
    if claimed is None:
        return None
    wanted, others = [], defaultdict[Verdict, list[UUID]](list)
    for item in storage.items(transaction, claimed["id"]):
        verdict = _judged(item, transaction.now)
        if verdict.state == "queued":
            wanted.append(item)
        else:
            others[verdict].append(item["id"])
    for verdict, delivery_ids in others.items():
        storage.leave_out(transaction, delivery_ids, verdict)
    return {**claimed, "items": wanted}


def _judged(item: Row, now: datetime) -> Verdict:
    recipient = Recipient(
        item["user_id"], item["time_zone"], item["active"], item["lost_access"], item["in_app"], item["email"]
    )
    _, verdict = verdicts(KINDS[item["kind"]], recipient, now, mail=mailing.available())
    return unread(verdict, item["read_at"])


def _attempt(row: Row) -> Verdict:
    if not row["items"]:
        return _NOTHING
    person, now = row["items"][0], datetime.now(UTC)
    if later := postponed(Schedule.stored(person["schedule"]), person["time_zone"], now):
        return later
    if person["address"] is None:
        return after_failure(Failure("the address isn't known yet"), row["attempts"], now, 0)
    return mailing.attempt(lambda: _write(row), row["attempts"])


def _write(row: Row) -> EmailMessage:
    person, told = row["items"][0], contents(row["items"])
    token = Unsubscription.signed(row["user_id"], ALL_KINDS, row["key"], bytes(row["secret"])).token
    context = {
        "person": person["display_name"],
        "sections": told.sections,
        "total": told.total,
        "left_out": told.left_out,
        "unsubscription": token,
    }
    letter = wording.letter("digest", context)
    message = mailing.compose(row["id"], (person["display_name"], person["address"]), letter, None)
    mailing.offer_unsubscription(message, token)
    return message


_round = Round(_claim, _attempt, storage.settle)
