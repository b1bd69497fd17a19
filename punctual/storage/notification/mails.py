"""E-mails to send: claimed with a lease, one at a time by any number of workers, and settled afterwards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from punctual.domain.notification import LEASE, Verdict
from punctual.kit import logs, traces, wire
from punctual.kit.transactions import Row, Transaction

DUE = (
    "WITH due AS (SELECT id FROM {table} WHERE state IN ('queued', 'sending') AND next_attempt_at <= %s"
    " ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)"
    " UPDATE {table} SET state = 'sending', attempts = attempts + 1, attempted_at = %s,"
    " next_attempt_at = %s"
)


def claim_delivery(transaction: Transaction) -> Row | None:
    """The next e-mail of a notification, leased, with everything that writing and judging it needs."""
    return transaction.one(
        DUE.format(table="delivery") + " FROM due,"
        " (SELECT number, secret FROM unsubscription_key ORDER BY number DESC LIMIT 1) AS key,"
        " notification LEFT JOIN person USING (user_id)"
        " LEFT JOIN member ON member.project_id = notification.project_id AND member.user_id = notification.user_id"
        " LEFT JOIN preference ON preference.user_id = notification.user_id AND preference.kind = notification.kind"
        " WHERE delivery.id = due.id AND notification.id = delivery.notification_id"
        " RETURNING delivery.id, delivery.attempts, notification.user_id, notification.kind, notification.title,"
        " notification.task_id, notification.data, notification.request_id, notification.traceparent,"
        " person.email AS address,"
        " person.display_name, coalesce(person.time_zone, 'UTC') AS time_zone,"
        " coalesce(person.active, true) AS active, preference.in_app, preference.email,"
        " member.user_id IS NOT NULL AND member.role IS NULL AS lost_access, key.number AS key, key.secret,"
        " (SELECT to_json(mail_schedule) FROM mail_schedule WHERE mail_schedule.user_id = notification.user_id)"
        " AS schedule",
        (transaction.now, transaction.now, transaction.now + LEASE),
    )


def claim_secret(transaction: Transaction) -> Row | None:
    """The next mail with a secret, leased."""
    return transaction.one(
        DUE.format(table="secret_mail") + " FROM due WHERE secret_mail.id = due.id"
        " RETURNING secret_mail.id, attempts, template, recipient, context, request_id, traceparent",
        (transaction.now, transaction.now, transaction.now + LEASE),
    )


def settle_delivery(transaction: Transaction, delivery_id: UUID, attempt: int, verdict: Verdict) -> None:
    """What became of an attempt, unless the lease ran out and somebody else tried since."""
    transaction.later(
        "UPDATE delivery SET state = %s, reason = %s, next_attempt_at = %s, sent_at = %s"
        " WHERE id = %s AND attempts = %s AND state = 'sending'",
        (verdict.state, verdict.reason, verdict.next_attempt_at, verdict.sent_at, delivery_id, attempt),
    )


def settle_secret(transaction: Transaction, mail_id: UUID, attempt: int, verdict: Verdict) -> None:
    """The same for a mail with a secret, which is erased unless it is tried again."""
    transaction.later(
        "UPDATE secret_mail SET state = %s, reason = %s, next_attempt_at = %s, sent_at = %s,"
        " context = CASE WHEN %s = 'queued' THEN context END WHERE id = %s AND attempts = %s AND state = 'sending'",
        (
            verdict.state, verdict.reason, verdict.next_attempt_at, verdict.sent_at, verdict.state, mail_id, attempt,
        ),
    )  # fmt: skip


def insert_secret(
    transaction: Transaction, mail_id: UUID, template: str, recipient: str, context: dict[str, Any], verdict: Verdict
) -> None:
    """A new mail with a secret; one that is known already stays as it is."""
    kept = wire.dumps(context).decode() if verdict.state == "queued" else None
    transaction.later(
        "INSERT INTO secret_mail (id, template, recipient, context, state, reason, next_attempt_at, request_id,"
        " traceparent, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING",
        (
            mail_id, template, recipient, kept, verdict.state, verdict.reason, verdict.next_attempt_at,
            logs.request_id(), traces.traceparent(), transaction.now,
        ),
    )  # fmt: skip


def waiting(transaction: Transaction, before: datetime, most: int) -> tuple[int, int, int]:
    """How many deliveries, secret mails and digests (each counted up to `most`) were due before that instant."""
    row = transaction.one(
        " UNION ALL ".join(
            f"(SELECT count(*) FROM (SELECT FROM {table} WHERE state IN ('queued', 'sending')"
            " AND next_attempt_at <= %s LIMIT %s) AS due)"
            for table in ("delivery", "secret_mail", "digest")
        ).join(("SELECT array(", ") AS counts")),
        (before, most) * 3,
    )
    assert row is not None
    deliveries, secrets, digests = row["counts"]
    return deliveries, secrets, digests
