"""What becomes of a reminder whose time has come: it fires, is taken back, or is too old to be told alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from punctual.domain.task.reminders.ledger import Reminder, ReminderState

GRACE = timedelta(seconds=60)
EXPIRY = timedelta(hours=48)

_ON_TIME = timedelta()
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class Reason(StrEnum):
    """Why a reminder didn't fire, in words for the person who waits for it."""

    DELETED = "the task was deleted"
    COMPLETED = "the task was completed"
    ARCHIVED = "the project was archived"
    NOT_A_MEMBER = "no longer a member of the project"
    NOT_CONCERNED = "no longer assigned or watching"
    DUE_CHANGED = "the deadline was changed"
    TOO_OLD = "over 48 h late, so told in a summary"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of the task and of the person at the moment of firing.

    `concerned`: assigned, or watching. `member`: of the project, with an active account.
    """

    due_version: int
    deleted: bool
    completed: bool
    archived: bool
    member: bool
    concerned: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that the row takes, why unless it is `fired`, and how late it is (zero within the grace)."""

    state: ReminderState
    reason: Reason | None
    late_by: timedelta


def judge(row: Reminder, now: datetime, facts: Facts) -> Verdict:
    """Decide on a live row whose `fire_at` is reached."""
    if not row.state.may_become(ReminderState.FIRED):
        raise ValueError(f"reminder {row.id} is {row.state} and can't fire")
    late_by = lateness(row.fire_at, now)
    reason = _objection(row, facts)
    if reason is Reason.DUE_CHANGED:
        return Verdict(ReminderState.SUPERSEDED, reason, late_by)
    if reason is not None:
        return Verdict(ReminderState.CANCELLED, reason, late_by)
    if late_by > EXPIRY:
        return Verdict(ReminderState.EXPIRED, Reason.TOO_OLD, late_by)
    return Verdict(ReminderState.FIRED, None, late_by)


def lateness(fire_at: datetime, now: datetime) -> timedelta:
    """How late a reminder fires that was promised for then; zero within the grace."""
    late_by = now - fire_at
    return late_by if late_by >= GRACE else _ON_TIME


def late_text(late_by: timedelta) -> str:
    """Such as "late by 14 min", "late by 3 h" or "late by 2 days", rounded down; empty within the grace."""
    if late_by < GRACE:
        return ""
    if late_by < _HOUR:
        return f"late by {late_by // timedelta(minutes=1)} min"
    if late_by < EXPIRY:
        return f"late by {late_by // _HOUR} h"
    return f"late by {late_by // _DAY} days"


def _objection(row: Reminder, facts: Facts) -> Reason | None:
    if facts.deleted:
        return Reason.DELETED
    if row.due_version != facts.due_version:
        return Reason.DUE_CHANGED
    if facts.completed:
        return Reason.COMPLETED
    if facts.archived:
        return Reason.ARCHIVED
    if not facts.member:
        return Reason.NOT_A_MEMBER
    if not facts.concerned:
        return Reason.NOT_CONCERNED
    return None
