"""The ledger of reminders and people's rules."""

from punctual.storage.task.reminders.firing import Ripe, claim, claim_expired, settle
from punctual.storage.task.reminders.ledger import Concern, apply, cancel, concerns, insert, supersede
from punctual.storage.task.reminders.rules import rules_of, save_rules, save_task_rules

__all__ = [
    "Concern",
    "Ripe",
    "apply",
    "cancel",
    "claim",
    "claim_expired",
    "concerns",
    "insert",
    "rules_of",
    "save_rules",
    "save_task_rules",
    "settle",
    "supersede",
]
