"""One summary per person of the reminders that a long outage made too old to be told one by one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from punctual.domain.task.reminders.ledger import Reminder

_NAMESPACE = UUID("f6be0257-4172-4d88-b27e-aa483d15eeb1")


@dataclass(frozen=True, slots=True)
class Summary:
    """What one person missed: of each task the latest reminder, in the order of their times."""

    id: UUID
    user_id: UUID
    missed: tuple[Reminder, ...]


def summaries(expired: Iterable[Reminder]) -> list[Summary]:
    """Group expired rows by person; the same rows of a person, in any order, give the same id."""
    by_user: defaultdict[UUID, list[Reminder]] = defaultdict(list)
    for row in expired:
        by_user[row.user_id].append(row)
    return [_summary(user_id, rows) for user_id, rows in by_user.items()]


def _summary(user_id: UUID, rows: list[Reminder]) -> Summary:
    events = sorted({str(row.event_id) for row in rows})
    in_time = sorted(rows, key=lambda row: (row.fire_at, row.task_id))
    latest = {row.task_id: row for row in in_time}
    missed = sorted(latest.values(), key=lambda row: (row.fire_at, row.task_id))
    return Summary(uuid5(_NAMESPACE, "/".join(events)), user_id, tuple(missed))
