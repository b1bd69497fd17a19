"""When people want their e-mails."""

from uuid import UUID

from punctual.domain.notification import Schedule
from punctual.kit.transactions import Transaction


def load(transaction: Transaction, user_id: UUID) -> Schedule:
    """What a person chose."""
    row = transaction.one("SELECT to_json(mail_schedule) AS row FROM mail_schedule WHERE user_id = %s", (user_id,))
    return Schedule.stored(row["row"] if row else None)


def save_digest(transaction: Transaction, user_id: UUID, schedule: Schedule) -> None:
    """Their digest, or that there is none."""
    rhythm = schedule.digest
    transaction.later(
        "INSERT INTO mail_schedule (user_id, digest, digest_at, digest_day, digest_reminders)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (user_id) DO UPDATE SET digest = EXCLUDED.digest,"
        " digest_at = EXCLUDED.digest_at, digest_day = EXCLUDED.digest_day,"
        " digest_reminders = EXCLUDED.digest_reminders",
        (
            user_id, rhythm and rhythm.every, rhythm and rhythm.at, rhythm and rhythm.day,
            rhythm and rhythm.reminders,
        ),
    )  # fmt: skip


def save_quiet_hours(transaction: Transaction, user_id: UUID, schedule: Schedule) -> None:
    """Their quiet hours, or that there are none."""
    quiet = schedule.quiet
    transaction.later(
        "INSERT INTO mail_schedule (user_id, quiet_from, quiet_to, quiet_days) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (user_id) DO UPDATE SET quiet_from = EXCLUDED.quiet_from, quiet_to = EXCLUDED.quiet_to,"
        " quiet_days = EXCLUDED.quiet_days",
        (user_id, quiet and quiet.begins, quiet and quiet.ends, quiet and sorted(quiet.days)),
    )
