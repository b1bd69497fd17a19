"""Profiles in user_db."""

from dataclasses import astuple
from uuid import UUID

from punctual.domain.user import Profile, not_found
from punctual.kit.transactions import Transaction

_COLUMNS = "id, email, display_name, time_zone, locale, role, active, created_at, version"


def load(transaction: Transaction, user_id: UUID | None) -> Profile:
    """The profile, locked. Raises NotReplicated."""
    row = transaction.one(f"SELECT {_COLUMNS} FROM profile WHERE id = %s FOR UPDATE", (user_id,))
    if row is None:
        raise not_found(user_id)
    return Profile(**row)


def lock_admins(transaction: Transaction) -> list[UUID]:
    """The active administrators, who stay what they are until commit."""
    rows = transaction.all("SELECT id FROM profile WHERE role = 'admin' AND active ORDER BY id FOR UPDATE")
    return [row["id"] for row in rows]


def insert(transaction: Transaction, profile: Profile) -> None:
    """A new profile; nothing happens where there is one already."""
    transaction.later(
        f"INSERT INTO profile ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING",
        astuple(profile),
    )


def save(transaction: Transaction, profile: Profile) -> None:
    """What may change of a profile."""
    transaction.later(
        "UPDATE profile SET display_name = %s, time_zone = %s, locale = %s, role = %s, active = %s, version = %s"
        " WHERE id = %s",
        (
            profile.display_name, profile.time_zone, profile.locale, profile.role, profile.active, profile.version,
            profile.id,
        ),
    )  # fmt: skip


def every_profile(transaction: Transaction, after: UUID | None, limit: int) -> list[Profile]:
    """Profiles in id order, for republishing."""
    rows = transaction.all(
        f"SELECT {_COLUMNS} FROM profile WHERE (%s::uuid IS NULL OR id > %s) ORDER BY id LIMIT %s",
        (after, after, limit),
    )
    return [Profile(**row) for row in rows]
