"""Test notifications with what became of them."""

from uuid import UUID

from punctual.kit.pool import Row, pool

_FACTS = ("state", "reason", "attempts", "attempted_at", "sent_at")


async def test_of(user_id: UUID, test_id: UUID) -> Row | None:
    """A test of the person's: `accepted_at`, and once heard `notification_id`, `told_at`, `in_app` and `email`."""
    columns = ", ".join(f"{channel}.{fact} AS {channel}_{fact}" for channel in ("in_app", "email") for fact in _FACTS)
    row = await pool("notification").one(
        f"SELECT test.created_at AS accepted_at, told.id AS notification_id, told.created_at AS told_at, {columns}"
        " FROM notification_test AS test"
        " LEFT JOIN notification AS told ON told.user_id = test.user_id AND told.event_id = test.id"
        " LEFT JOIN delivery AS in_app ON in_app.notification_id = told.id AND in_app.channel = 'in_app'"
        " LEFT JOIN delivery AS email ON email.notification_id = told.id AND email.channel = 'email'"
        " WHERE test.id = %s AND test.user_id = %s",
        (test_id, user_id),
    )
    if row is None:
        return None
    deliveries = {
        channel: {fact: row[f"{channel}_{fact}"] for fact in _FACTS} if row["told_at"] else None
        for channel in ("in_app", "email")
    }
    return {name: row[name] for name in ("accepted_at", "notification_id", "told_at")} | deliveries
