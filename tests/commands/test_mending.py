"""What time has overtaken in a restored system: e-mails that went after the backup don't go again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from punctual.commands.restore.mending import TOLD, mend
from punctual.kit import settings
from tests.commands.test_doctor_databases import unfinished

LOST = datetime(2026, 11, 22, 12, tzinfo=UTC)
_NOTIFICATION = (
    "INSERT INTO notification (id, user_id, event_id, kind, title, data, hidden, created_at)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', 'x', '{}', false, now()) RETURNING id"
)
_DELIVERY = (
    "INSERT INTO delivery (id, notification_id, channel, state, reason, next_attempt_at)"
    " VALUES (gen_random_uuid(), %s, 'email', %s, 'before', %s) RETURNING id"
)


class Undone:
    """A connection that commits nothing."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.autocommit = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    def cursor(self) -> Any:
        return self._connection.cursor()


def mended(connection: Any, delivery_id: str) -> tuple[str, str]:
    """State and reason of a delivery after the restoring."""
    mend({"notification": Undone(connection)}, LOST, keep_sessions=False, again=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, reason FROM delivery WHERE id = %s", (delivery_id,))
        state, reason = cursor.fetchone()
        return state, reason


def delivery(connection: Any, state: str, at: datetime | None) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_NOTIFICATION)
        cursor.execute(_DELIVERY, (cursor.fetchone()[0], state, at))
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("state", "minutes", "found"),
    [
        ("queued", -1, ("suppressed", TOLD)),
        ("held", -1, ("suppressed", TOLD)),
        ("sending", 4, ("suppressed", TOLD)),
        ("queued", 1, ("queued", "before")),
        ("held", 1, ("held", "before")),
    ],
)
def test_an_e_mail_that_was_due_before_the_loss_counts_as_sent(
    environment: dict[str, str], state: str, minutes: int, found: tuple[str, str]
) -> None:
    with unfinished(settings.current().databases["notification"].owner) as connection:
        waiting = delivery(connection, state, LOST + timedelta(minutes=minutes))

        assert mended(connection, waiting) == found


@pytest.mark.parametrize(("minutes", "found"), [(-1, ("suppressed", TOLD)), (1, ("held", "before"))])
def test_so_does_what_is_in_a_digest(environment: dict[str, str], minutes: int, found: tuple[str, str]) -> None:
    with unfinished(settings.current().databases["notification"].owner) as connection:
        waiting = delivery(connection, "held", None)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO digest (id, user_id, state, next_attempt_at, created_at) VALUES"
                " (gen_random_uuid(), gen_random_uuid(), 'queued', %s, now()) RETURNING id",
                (LOST + timedelta(minutes=minutes),),
            )
            cursor.execute("INSERT INTO digest_item VALUES (%s, %s)", (cursor.fetchone()[0], waiting))

        assert mended(connection, waiting) == found
