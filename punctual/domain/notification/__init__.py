"""Notifications: whom an event concerns, by which channels they are told, and what becomes of each delivery.

Nobody is told of what they did themselves. That leaves no record either: it would double the rows of the busiest
path to say what the person knows; every other reason not to tell somebody is kept at the delivery.
"""

from punctual.domain.notification.deliveries import (
    LEASE,
    LOST_ACCESS,
    Failure,
    Recipient,
    Verdict,
    after_failure,
    by_schedule,
    postponed,
    sent,
    unread,
    verdicts,
)
from punctual.domain.notification.digest import Contents, contents, project_key
from punctual.domain.notification.facts import facts_of
from punctual.domain.notification.kinds import KINDS, Kind, concerned
from punctual.domain.notification.moments import duration, moment
from punctual.domain.notification.notification import Notification, not_found
from punctual.domain.notification.preferences import Choices, choices, preferences
from punctual.domain.notification.schedule import Schedule
from punctual.domain.notification.steps import Step, state_of, steps
from punctual.domain.notification.unsubscribing import ALL_KINDS, Unsubscription, demand_good

__all__ = [
    "ALL_KINDS",
    "KINDS",
    "LEASE",
    "LOST_ACCESS",
    "Choices",
    "Contents",
    "Failure",
    "Kind",
    "Notification",
    "Recipient",
    "Schedule",
    "Step",
    "Unsubscription",
    "Verdict",
    "after_failure",
    "by_schedule",
    "choices",
    "concerned",
    "contents",
    "demand_good",
    "duration",
    "facts_of",
    "moment",
    "not_found",
    "postponed",
    "preferences",
    "project_key",
    "sent",
    "state_of",
    "steps",
    "unread",
    "verdicts",
]
