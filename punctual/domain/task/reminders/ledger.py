"""The ledger of reminders: one row per promise, what to arm, and what a change does to what is armed.

A promise is made when its time is still ahead. Once made it is kept, late if need be, or taken back; its time
is always that of its deadline, rule and zone, so arming again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from punctual.domain.task.due import Due
from punctual.domain.task.reminders.rules import Rule

_NAMESPACE = UUID("30d4df16-a7f2-4d43-968a-b5331fcb5973")


class ReminderState(StrEnum):
    SCHEDULED = "scheduled"
    FIRED = "fired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"

    def may_become(self, state: "ReminderState") -> bool:
        return state in _TRANSITIONS[self]


_JUDGED = {ReminderState.FIRED, ReminderState.CANCELLED, ReminderState.SUPERSEDED, ReminderState.EXPIRED}
_TRANSITIONS: dict[ReminderState, set[ReminderState]] = {
    ReminderState.SCHEDULED: _JUDGED,
    ReminderState.CANCELLED: {ReminderState.SCHEDULED},
    ReminderState.FIRED: set(),
    ReminderState.SUPERSEDED: set(),
    ReminderState.EXPIRED: set(),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """To remind one person of one task, once. `fire_at` is UTC; the other fields identify it.

    `occurrence` counts the repetitions of a rule; the first, and so far only, is 0.
    """

    task_id: UUID
    user_id: UUID
    rule: Rule
    due_version: int
    occurrence: int
    fire_at: datetime

    @property
    def event_id(self) -> UUID:
        """The id of the event that keeps the promise: keeping it again would be the same event."""
        name = f"{self.task_id}/{self.user_id}/{self.rule.wire}/{self.due_version}/{self.occurrence}"
        return uuid5(_NAMESPACE, name)


@dataclass(frozen=True, slots=True)
class Reminder(Promise):
    """A row of the ledger."""

    id: UUID
    state: ReminderState


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do to the ledger. Rows in `move` are as they shall be: scheduled, with their new `fire_at`."""

    insert: list[Promise]
    move: list[Reminder]
    cancel: list[Reminder]
    supersede: list[Reminder]

    def __bool__(self) -> bool:
        return bool(self.insert or self.move or self.cancel or self.supersede)


def arm(
    task_id: UUID,
    user_id: UUID,
    due: Due | None,
    due_version: int,
    rules: Iterable[Rule],
    zone: ZoneInfo,
    now: datetime,
) -> list[Promise]:
    """The promises to make to a person who has none for this deadline yet: those whose time is ahead."""
    if due is None:
        return []
    promises = []
    for rule in rules:
        fire_at = rule.fires_at(due, zone)
        if fire_at > now:
            promises.append(Promise(task_id, user_id, rule, due_version, 0, fire_at))
    return promises


def rearm(
    rows: Iterable[Reminder],
    task_id: UUID,
    user_id: UUID,
    due: Due | None,
    due_version: int,
    rules: Iterable[Rule],
    zone: ZoneInfo,
    now: datetime,
) -> Plan:
    """Fit a person's rows for a task to its deadline, to their zone and to their rules (none: not concerned).

    A promise already made moves with the zone, even into the past: it is then due at once. One taken back is
    made again if its time is ahead.
    """
    wanted = {(rule, 0): rule.fires_at(due, zone) for rule in rules} if due is not None else {}
    plan = Plan([], [], [], [])
    for row in rows:
        scheduled = row.state is ReminderState.SCHEDULED
        if row.due_version != due_version:
            if scheduled:
                plan.supersede.append(row)
            continue
        fire_at = wanted.pop((row.rule, row.occurrence), None)
        if fire_at is None:
            if scheduled:
                plan.cancel.append(row)
        elif scheduled:
            if fire_at != row.fire_at:
                plan.move.append(replace(row, fire_at=fire_at))
        elif row.state is ReminderState.CANCELLED and fire_at > now:
            plan.move.append(replace(row, fire_at=fire_at, state=ReminderState.SCHEDULED))
    plan.insert.extend(
        Promise(task_id, user_id, rule, due_version, occurrence, fire_at)
        for (rule, occurrence), fire_at in wanted.items()
        if fire_at > now
    )
    return plan
