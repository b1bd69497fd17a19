"""What people want to hear of, and how, as far as it differs from the defaults."""

from collections.abc import Iterable
from uuid import UUID

from punctual.kit.transactions import Transaction


def replace(transaction: Transaction, user_id: UUID, items: Iterable[tuple[str, bool, bool]]) -> None:
    """All preferences (kind, in_app, email) of a person; what isn't named goes back to its default."""
    rows = [list(column) for column in zip(*items, strict=True)] or [[], [], []]
    transaction.later("DELETE FROM preference WHERE user_id = %s", (user_id,))
    transaction.later(
        "INSERT INTO preference (user_id, kind, in_app, email)"
        " SELECT %s, kind, in_app, email"
        " FROM unnest(%s::text[], %s::boolean[], %s::boolean[]) AS new (kind, in_app, email)",
        (user_id, *rows),
    )
