"""What the caller wants to hear of, and how."""

from typing import Any
from uuid import UUID

from punctual.actors.notification.holding import hold_anew
from punctual.domain.notification import Choices, Schedule, choices, preferences
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.storage.notification import preferences as storage, schedules


@command("notification")
def set_preferences(
    transaction: Transaction, *, items: list[dict[str, Any]], timing: dict[str, Any] | None = None
) -> Outcome:
    """Replace the caller's preferences: kinds that aren't named go back to their defaults, other parts stay."""
    me = transaction.caller.id
    assert me
    chosen = choices(items)
    schedule = schedules.load(transaction, me).changed(timing or {})
    storage.replace(transaction, me, [(kind, *pair) for kind, pair in chosen.items()])
    if timing:
        _save(transaction, me, schedule, timing)
    return Outcome.ok(shown(chosen, schedule))


def _save(transaction: Transaction, user_id: UUID, schedule: Schedule, timing: dict[str, Any]) -> None:
    if "quiet_hours" in timing:
        schedules.save_quiet_hours(transaction, user_id, schedule)
    if "digest" in timing:
        schedules.save_digest(transaction, user_id, schedule)
    hold_anew(transaction, user_id)


def shown(chosen: Choices, schedule: Schedule) -> dict[str, Any]:
    """The representation: every kind with what holds for it, and when e-mails come."""
    return {"items": preferences(chosen), **schedule.shown()}


def scheduled(row: dict[str, Any] | None) -> Schedule:
    """When a person wants e-mails, from the row that says so; None where there is none."""
    return Schedule.stored(row)
