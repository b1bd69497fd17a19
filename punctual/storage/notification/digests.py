"""Digests: several held e-mails as one, claimed with a lease like every mail, and settled all together."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from punctual.domain.notification import LEASE, Verdict
from punctual.kit.transactions import Row, Transaction
from punctual.storage.notification.mails import DUE


def insert(transaction: Transaction, digests: Mapping[UUID, tuple[UUID, Sequence[UUID]]]) -> None:
    """New ones by id: whose they are, and the deliveries in them, which from now on wait for them."""
    items = [(digest_id, delivery_id) for digest_id, (_, ids) in digests.items() for delivery_id in ids]
    transaction.later(
        "INSERT INTO digest (id, user_id, state, next_attempt_at, created_at)"
        " SELECT id, user_id, 'queued', %s, %s FROM unnest(%s::uuid[], %s::uuid[]) AS new (id, user_id)",
        (transaction.now, transaction.now, list(digests), [user_id for user_id, _ in digests.values()]),
    )
    transaction.later(
        "WITH new AS (INSERT INTO digest_item (digest_id, delivery_id)"
        " SELECT digest_id, delivery_id FROM unnest(%s::uuid[], %s::uuid[]) AS new (digest_id, delivery_id)"
        " RETURNING delivery_id)"
        " UPDATE delivery SET next_attempt_at = NULL FROM new WHERE delivery.id = new.delivery_id",
        ([digest_id for digest_id, _ in items], [delivery_id for _, delivery_id in items]),
    )


def claim(transaction: Transaction) -> Row | None:
    """The next digest, leased, with whose it is and the key of its links."""
    return transaction.one(
        DUE.format(table="digest") + " FROM due,"
        " (SELECT number, secret FROM unsubscription_key ORDER BY number DESC LIMIT 1) AS key"
        " WHERE digest.id = due.id RETURNING digest.id, digest.user_id, attempts, key.number AS key, key.secret,"
        " NULL AS request_id, NULL AS traceparent",
        (transaction.now, transaction.now, transaction.now + LEASE),
    )


def items(transaction: Transaction, digest_id: UUID) -> list[Row]:
    """What is still held for a digest, oldest first, with everything that writing and judging it needs."""
    return transaction.all(
        "SELECT delivery.id, notification.user_id, notification.kind, title, data, read_at, project.key AS"
        " project_key, project.name AS project_name, person.email AS address, person.display_name,"
        " coalesce(person.time_zone, 'UTC') AS time_zone, coalesce(person.active, true) AS active,"
        " preference.in_app, preference.email,"
        " member.user_id IS NOT NULL AND member.role IS NULL AS lost_access,"
        " (SELECT to_json(mail_schedule) FROM mail_schedule WHERE mail_schedule.user_id = notification.user_id)"
        " AS schedule"
        " FROM digest_item JOIN delivery ON delivery.id = delivery_id JOIN notification ON"
        " notification.id = notification_id LEFT JOIN person USING (user_id) LEFT JOIN project USING (project_id)"
        " LEFT JOIN member ON member.project_id = notification.project_id AND member.user_id = notification.user_id"
        " LEFT JOIN preference ON preference.user_id = notification.user_id AND preference.kind = notification.kind"
        " WHERE digest_id = %s AND delivery.state = 'held' ORDER BY position",
        (digest_id,),
    )


def leave_out(transaction: Transaction, delivery_ids: Sequence[UUID], verdict: Verdict) -> None:
    """What became of deliveries that the digest goes without."""
    transaction.later(
        "UPDATE delivery SET state = %s, reason = %s WHERE id = ANY(%s) AND state = 'held'",
        (verdict.state, verdict.reason, list(delivery_ids)),
    )


def settle(transaction: Transaction, digest_id: UUID, attempt: int, verdict: Verdict) -> None:
    """What became of an attempt, of the digest and of all in it, unless the lease ran out meanwhile."""
    again = verdict.state == "queued"
    reason = f"in a digest that is tried again: {verdict.reason}" if again else verdict.reason or "in a digest"
    transaction.later(
        "WITH settled AS (UPDATE digest SET state = %s, reason = %s, next_attempt_at = %s, sent_at = %s"
        " WHERE id = %s AND attempts = %s AND state = 'sending' RETURNING id)"
        " UPDATE delivery SET state = %s, reason = %s, sent_at = %s, attempts = delivery.attempts + 1,"
        " attempted_at = %s FROM settled, digest_item"
        " WHERE digest_id = settled.id AND delivery.id = delivery_id AND delivery.state = 'held'",
        (
            verdict.state, verdict.reason, verdict.next_attempt_at, verdict.sent_at, digest_id, attempt,
            "held" if again else verdict.state, reason, verdict.sent_at, transaction.now,
        ),
    )  # fmt: skip
