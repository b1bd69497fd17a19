"""What time has overtaken in a restored system: what was told is told, sessions end, what was under way goes again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

TOLD = "told before the system was restored"
_KEPT = """
    INSERT INTO outbox (id, exchange, routing_key, body, created_at)
    SELECT id, exchange, routing_key, body, created_at FROM outbox_kept ON CONFLICT (id) DO NOTHING
"""
_SESSIONS = "UPDATE session SET revoked_at = now() WHERE revoked_at IS NULL"
# Perhaps used since, and good again.
_RESETS = (
    "UPDATE letter SET expires_at = now() WHERE kind = 'password_reset' AND used_at IS NULL AND expires_at > now()"
)
_REMINDERS = (
    "UPDATE reminder SET state = 'fired', reason = %s, settled_at = fire_at WHERE state = 'scheduled' AND fire_at <= %s"
)
# Whether what fired last was published, nobody knows; the same event comes of it again, and is heard once.
_AGAIN = (
    "UPDATE reminder SET state = 'scheduled', reason = NULL, settled_at = NULL WHERE state = 'fired'"
    " AND settled_at > (SELECT max(settled_at) FROM reminder WHERE state = 'fired') - interval '5 minutes'"
    " AND NOT EXISTS (SELECT FROM outbox WHERE strpos(convert_from(body, 'UTF8'), reminder.id::text) > 0)"
)
_MAILS = (
    "UPDATE delivery SET state = 'suppressed', reason = %s, next_attempt_at = NULL"
    " WHERE channel = 'email' AND state IN ('queued', 'held', 'sending')"
    " AND next_attempt_at <= %s + interval '5 minutes' AND (state = 'sending' OR next_attempt_at <= %s)"
)
_DIGESTS = (
    "WITH told AS (UPDATE digest SET state = 'suppressed', reason = %s, next_attempt_at = NULL"
    " WHERE state IN ('queued', 'sending') AND next_attempt_at <= %s + interval '5 minutes'"
    " AND (state = 'sending' OR next_attempt_at <= %s) RETURNING id, reason)"
    " UPDATE delivery SET state = 'suppressed', reason = told.reason FROM told, digest_item"
    " WHERE digest_id = told.id AND delivery.id = delivery_id AND delivery.state = 'held'"
)
# Whoever follows a stream asks for what comes after a position that may not be reached again for long.
_POSITIONS = "SELECT setval('notification_position', last_value + 1000000) FROM notification_position"
Act = Callable[[str, Sequence[Any]], int]


def mend(connections: Mapping[str, Any], lost_at: datetime | None, *, keep_sessions: bool, again: bool) -> list[str]:
    """Settle what time has overtaken, database by database; what was done, in words."""
    done: list[str] = []
    for service, connection in connections.items():
        connection.autocommit = False
        with connection, connection.cursor() as cursor:

            def act(statement: str, values: Sequence[Any] = (), cursor: Any = cursor) -> int:
                cursor.execute(statement, values)
                return int(cursor.rowcount)

            done += _mend(service, act, lost_at, keep_sessions=keep_sessions, again=again)
    return done


def _mend(service: str, act: Act, lost_at: datetime | None, *, keep_sessions: bool, again: bool) -> list[str]:
    kept = act(_KEPT, ())
    act("DELETE FROM outbox_kept", ())
    counts = {f"{service}: %d messages that were under way are sent again": kept}
    if service == "auth" and not keep_sessions:
        counts["auth: %d sessions ended, people sign in again"] = act(_SESSIONS, ())
        act(_RESETS, ())
    if service == "task" and again:
        counts["task: %d reminders fire again, and are told unless they were"] = act(_AGAIN, ())
    if service == "task" and lost_at:
        counts["task: %d reminders count as told"] = act(_REMINDERS, (TOLD, lost_at))
    if service == "notification":
        act(_POSITIONS, ())
        if lost_at:
            counts["notification: %d e-mails count as sent"] = act(_MAILS, (TOLD, lost_at, lost_at))
            counts["notification: %d e-mails of digests count as sent"] = act(_DIGESTS, (TOLD, lost_at, lost_at))
    return [line % count for line, count in counts.items() if count]
