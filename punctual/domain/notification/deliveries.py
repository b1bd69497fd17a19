"""Deliveries: one per channel of a notification, each with a state and a reason that a person understands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from punctual.domain.notification.kinds import Kind
from punctual.domain.notification.quiet_hours import clock
from punctual.domain.notification.schedule import AT_ONCE, Schedule
from punctual.kit.canary import CANARY

State = Literal["queued", "held", "sending", "sent", "failed", "dead", "suppressed"]
# Longer than one SMTP conversation may take, with looking up the server and storing what became of it.
LEASE = timedelta(minutes=5)
RETRY_AFTER = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
JITTER = 0.2
LOST_ACCESS = "lost access"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person concerned, as far as telling them goes. Preferences are None where the kind's default holds."""

    user_id: UUID
    time_zone: str = "UTC"
    active: bool = True
    lost_access: bool = False
    in_app: bool | None = None
    email: bool | None = None
    schedule: Schedule = AT_ONCE


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a delivery takes, why, and when it is tried (again)."""

    state: State
    reason: str | None = None
    next_attempt_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed: in words, and whether another would fail the same way."""

    reason: str
    final: bool = False


def verdicts(kind: Kind, recipient: Recipient, now: datetime, *, mail: bool) -> tuple[Verdict, Verdict]:
    """How somebody is told: in the inbox, and by e-mail (`mail`: a server is configured)."""
    if not recipient.active:
        return (_suppressed("account deactivated"),) * 2
    if recipient.lost_access and not kind.about_access:
        return (_suppressed(LOST_ACCESS),) * 2
    in_app = _suppressed("muted") if recipient.in_app is False else sent(now)
    return in_app, _by_mail(kind, recipient, now, mail=mail)


def _by_mail(kind: Kind, recipient: Recipient, now: datetime, *, mail: bool) -> Verdict:
    if recipient.user_id == CANARY:
        return _suppressed("the canary has no address")
    if recipient.email is False:
        return _suppressed("muted")
    if not (recipient.email or kind.email):
        return _suppressed("not by e-mail unless you ask for it")
    if not mail:
        return _suppressed("no mail server configured")
    return by_schedule(recipient.schedule, kind, recipient.time_zone, now)


def by_schedule(schedule: Schedule, kind: Kind, zone: str, now: datetime) -> Verdict:
    """An e-mail that somebody wants: at once, or held."""
    if held := schedule.held(kind, now, zone):
        until, reason = held
        return Verdict("held", reason, next_attempt_at=until)
    return Verdict("queued", next_attempt_at=now)


def unread(verdict: Verdict, read_at: datetime | None) -> Verdict:
    """What a digest makes of an e-mail that could go: nothing, when it was read in the inbox."""
    return _suppressed("read before the digest") if read_at and verdict.state == "queued" else verdict


def postponed(schedule: Schedule, zone: str, now: datetime) -> Verdict | None:
    """When a digest goes whose attempt falls into quiet hours, as one that is tried again may; None: now."""
    if not (end := schedule.quiet and schedule.quiet.end(now, zone)):
        return None
    return Verdict("queued", f"quiet hours until {clock(end, now, zone)}", next_attempt_at=end)


def sent(now: datetime) -> Verdict:
    """Delivered."""
    return Verdict("sent", sent_at=now)


def after_failure(failure: Failure, attempts: int, now: datetime, jitter: float) -> Verdict:
    """Try again later, or give up. `attempts` counts the failed one, `jitter` is from 0 to 1."""
    if failure.final:
        return Verdict("failed", failure.reason)
    if attempts > len(RETRY_AFTER):
        return Verdict("dead", f"given up after {attempts} attempts: {failure.reason}")
    wait = RETRY_AFTER[attempts - 1] * (1 + JITTER * jitter)
    return Verdict("queued", failure.reason, next_attempt_at=now + wait)


def _suppressed(reason: str) -> Verdict:
    return Verdict("suppressed", reason)
