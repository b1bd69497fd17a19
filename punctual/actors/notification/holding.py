"""E-mails that are held: they follow the person's choices and clock, and are let go when their time has come."""

from collections import defaultdict
from uuid import UUID

from punctual.actors.notification.digests import deliver_digests
from punctual.actors.notification.sending import wake
from punctual.domain.notification import KINDS, Schedule, Verdict, by_schedule
from punctual.kit import ids
from punctual.kit.schedule import scheduled
from punctual.kit.transactions import Transaction
from punctual.storage.notification import digests, holding as storage

RELEASED_AT_ONCE = 1_000


@scheduled("notification", seconds=5)
def release(transaction: Transaction) -> bool:
    """Let e-mails go whose time has come; several of one person, or what is wanted in a digest, go as one."""
    schedules = storage.people_due(transaction, RELEASED_AT_ONCE)
    due: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for row in storage.due(transaction, list(schedules)) if schedules else ():
        due[row["user_id"]].append((row["id"], row["kind"]))
    alone, together = list[UUID](), dict[UUID, tuple[UUID, list[UUID]]]()
    for user_id, mails in due.items():
        delivery_ids = [delivery_id for delivery_id, _ in mails]
        if len(mails) > 1 or schedules[user_id].gathers(KINDS[mails[0][1]]):
            together[ids.uuid7()] = user_id, delivery_ids
        else:
            alone += delivery_ids
    if alone:
        storage.queue(transaction, alone)
        wake(transaction, len(alone))
    if together:
        digests.insert(transaction, together)
        transaction.send(deliver_digests.message())
    return sum(map(len, due.values())) >= RELEASED_AT_ONCE


def hold_anew(transaction: Transaction, user_id: UUID) -> None:
    """Judge again until when a person's held e-mails are held, after the schedule or the zone has changed."""
    found: dict[Verdict, list[UUID]] = defaultdict(list)
    for row in storage.held(transaction, user_id):
        schedule = Schedule.stored(row["schedule"])
        found[by_schedule(schedule, KINDS[row["kind"]], row["time_zone"], transaction.now)].append(row["id"])
    for verdict, delivery_ids in found.items():
        storage.hold_anew(transaction, delivery_ids, verdict)
        if verdict.state == "queued":
            wake(transaction, len(delivery_ids))
