"""The canary's task: one row whose deadline is moved, and at most one promise in the ledger."""

from datetime import datetime

from punctual.kit.canary import CANARY
from punctual.kit.transactions import Transaction

# No project of people's can have this key.
KEY = "~"
_RESTED = (
    "task.due_at <= %s AND NOT EXISTS"
    " (SELECT FROM reminder WHERE reminder.task_id = task.id AND reminder.state = 'scheduled')"
)


def rests(transaction: Transaction, since: datetime) -> bool:
    """Whether its last reminder was promised for before `since` and isn't awaited any more, or there is none yet."""
    row = transaction.one(f"SELECT {_RESTED} AS rests FROM task WHERE id = %s", (since, CANARY))
    return row is None or bool(row["rests"])


def move(transaction: Transaction, due_at: datetime, since: datetime) -> int | None:
    """Give its task the next deadline, unless somebody else just did; the due_version. The past is forgotten."""
    _establish(transaction)
    transaction.later("DELETE FROM reminder WHERE task_id = %s AND state <> 'scheduled'", (CANARY,))
    row = transaction.one(
        "INSERT INTO task (id, project_id, number, title, description, status_id, priority, due_at, due_version,"
        " assignees, watchers, created_by, created_at, updated_at, version)"
        " VALUES (%s, %s, 1, 'Canary', '', %s, 'none', %s, 1, ARRAY[%s], '{}', %s, %s, %s, 1)"
        " ON CONFLICT (id) DO UPDATE SET due_at = EXCLUDED.due_at, due_version = task.due_version + 1"
        f" WHERE {_RESTED} RETURNING due_version",
        (CANARY, CANARY, CANARY, due_at, CANARY, CANARY, transaction.now, transaction.now, since),
    )
    return row["due_version"] if row else None


def _establish(transaction: Transaction) -> None:
    transaction.later(
        "INSERT INTO project (id, key, name, archived, deleted, version) VALUES (%s, %s, 'Canary', false, false, 1)"
        " ON CONFLICT DO NOTHING",
        (CANARY, KEY),
    )
    transaction.later(
        "INSERT INTO status (id, project_id, name, category, position, is_default)"
        " VALUES (%s, %s, 'To do', 'todo', 1, true) ON CONFLICT DO NOTHING",
        (CANARY, CANARY),
    )
    transaction.later(
        "INSERT INTO person (user_id, email, display_name, time_zone, active, version)"
        " VALUES (%s, '', 'Canary', 'UTC', true, 1) ON CONFLICT DO NOTHING",
        (CANARY,),
    )
    transaction.later(
        "INSERT INTO member (project_id, user_id, role, version) VALUES (%s, %s, 'owner', 1) ON CONFLICT DO NOTHING",
        (CANARY, CANARY),
    )
