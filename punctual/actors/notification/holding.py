"""What is held for somebody follows their choices, and their clock."""

from collections import defaultdict
from uuid import UUID

from punctual.actors.notification.sending import wake
from punctual.domain.notification import Schedule, Verdict, by_schedule
from punctual.kit.transactions import Transaction
from punctual.storage.notification import holding as storage


def hold_anew(transaction: Transaction, user_id: UUID) -> None:
    """Judge again until when a person's held e-mails are held, after the schedule or the zone has changed."""
    found: dict[Verdict, list[UUID]] = defaultdict(list)
    for row in storage.held(transaction, user_id):
        verdict = by_schedule(Schedule.stored(row["schedule"]), row["time_zone"], transaction.now)
        found[verdict].append(row["id"])
    for verdict, delivery_ids in found.items():
        storage.hold_anew(transaction, delivery_ids, verdict)
        if verdict.state == "queued":
            wake(transaction, len(delivery_ids))
