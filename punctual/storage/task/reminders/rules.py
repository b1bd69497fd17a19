"""People's rules: for all their tasks, and for one."""

from collections.abc import Sequence
from uuid import UUID

from punctual.domain.task.reminders import Rule, parse_rules
from punctual.kit.transactions import Transaction


def save_rules(transaction: Transaction, user_id: UUID, rules: Sequence[Rule] | None) -> None:
    """A person's rules for all their tasks; None: the defaults again."""
    if rules is None:
        transaction.later("DELETE FROM reminder_rules WHERE user_id = %s", (user_id,))
        return
    transaction.later(
        "INSERT INTO reminder_rules (user_id, rules) VALUES (%s, %s::text[])"
        " ON CONFLICT (user_id) DO UPDATE SET rules = EXCLUDED.rules",
        (user_id, [rule.wire for rule in rules]),
    )


def rules_of(transaction: Transaction, user_id: UUID) -> tuple[Rule, ...] | None:
    """A person's rules for all their tasks; None where they chose none."""
    row = transaction.one("SELECT rules FROM reminder_rules WHERE user_id = %s", (user_id,))
    return parse_rules(row["rules"]) if row else None


def save_task_rules(transaction: Transaction, task_id: UUID, user_id: UUID, rules: Sequence[Rule] | None) -> None:
    """A person's rules for one task; None: no longer their own."""
    if rules is None:
        transaction.later("DELETE FROM task_reminder_rules WHERE task_id = %s AND user_id = %s", (task_id, user_id))
        return
    transaction.later(
        "INSERT INTO task_reminder_rules (task_id, user_id, rules) VALUES (%s, %s, %s::text[])"
        " ON CONFLICT (task_id, user_id) DO UPDATE SET rules = EXCLUDED.rules",
        (task_id, user_id, [rule.wire for rule in rules]),
    )
