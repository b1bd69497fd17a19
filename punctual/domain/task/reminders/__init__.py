"""Reminders: the rules of a person, the ledger of promises, and what becomes of each when its time comes."""

from punctual.domain.task.reminders.firing import Facts, Reason, Verdict, judge, late_text, lateness
from punctual.domain.task.reminders.ledger import Plan, Promise, Reminder, ReminderState, arm, rearm
from punctual.domain.task.reminders.rules import (
    DEFAULT_RULES,
    Kind,
    Rule,
    parse_rule,
    parse_rules,
    rules_in_force,
)
from punctual.domain.task.reminders.summaries import Summary, summaries

__all__ = [
    "DEFAULT_RULES",
    "Facts",
    "Kind",
    "Plan",
    "Promise",
    "Reason",
    "Reminder",
    "ReminderState",
    "Rule",
    "Summary",
    "Verdict",
    "arm",
    "judge",
    "late_text",
    "lateness",
    "parse_rule",
    "parse_rules",
    "rearm",
    "rules_in_force",
    "summaries",
]
