"""What the caller wants to hear of, and how."""

from typing import Any

from punctual.domain.notification import Choices, choices, preferences
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.storage.notification import preferences as storage


@command("notification")
def set_preferences(transaction: Transaction, *, items: list[dict[str, Any]]) -> Outcome:
    """Replace the caller's preferences; a kind that isn't named goes back to its default."""
    assert transaction.caller.id
    chosen = choices(items)
    storage.replace(transaction, transaction.caller.id, [(kind, *pair) for kind, pair in chosen.items()])
    return Outcome.ok(shown(chosen))


def shown(chosen: Choices) -> dict[str, Any]:
    """The representation: every kind with what holds for it."""
    return {"items": preferences(chosen)}
