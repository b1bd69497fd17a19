"""The replicas of people, projects and memberships; an older version never overwrites a newer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from punctual.kit.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the user service tells."""

    user_id: UUID
    email: str
    display_name: str
    time_zone: str
    locale: str
    active: bool
    version: int


def upsert_person(transaction: Transaction, person: Person) -> None:
    """A new or changed person."""
    transaction.later(
        "INSERT INTO person (user_id, email, display_name, time_zone, locale, active, version)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (user_id) DO UPDATE SET email = EXCLUDED.email,"
        " display_name = EXCLUDED.display_name, time_zone = EXCLUDED.time_zone, locale = EXCLUDED.locale,"
        " active = EXCLUDED.active, version = EXCLUDED.version WHERE person.version <= EXCLUDED.version",
        (
            person.user_id, person.email, person.display_name, person.time_zone, person.locale, person.active,
            person.version,
        ),
    )  # fmt: skip


def upsert_project(transaction: Transaction, payload: dict[str, Any], version: int) -> None:
    """A new or changed project; a deleted one stays as a tombstone."""
    transaction.later(
        "INSERT INTO project (project_id, key, name, archived, deleted, version) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (project_id) DO UPDATE SET key = EXCLUDED.key, name = EXCLUDED.name,"
        " archived = EXCLUDED.archived, deleted = project.deleted OR EXCLUDED.deleted, version = EXCLUDED.version"
        " WHERE project.version <= EXCLUDED.version",
        (
            payload["project_id"], payload["key"], payload["name"], payload["archived"], payload["deleted"], version,
        ),
    )  # fmt: skip


def set_member(transaction: Transaction, project_id: UUID, user_id: UUID, role: str | None, version: int) -> None:
    """A person's place in a project; without a role a tombstone."""
    transaction.later(
        "INSERT INTO member (project_id, user_id, role, version) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (project_id, user_id) DO UPDATE SET role = EXCLUDED.role, version = EXCLUDED.version"
        " WHERE member.version <= EXCLUDED.version",
        (project_id, user_id, role, version),
    )


def members(transaction: Transaction, project_id: UUID) -> list[UUID]:
    """Everybody who is in the project."""
    rows = transaction.all(
        "SELECT user_id FROM member WHERE project_id = %s AND role IS NOT NULL ORDER BY user_id", (project_id,)
    )
    return [row["user_id"] for row in rows]


def people_at(transaction: Transaction, email: str) -> list[UUID]:
    """Who has this address."""
    rows = transaction.all("SELECT user_id FROM person WHERE lower(email) = lower(%s)", (email,))
    return [row["user_id"] for row in rows]


def lost_projects(transaction: Transaction, user_id: UUID) -> set[UUID]:
    """The projects that the person was removed from."""
    rows = transaction.all("SELECT project_id FROM member WHERE user_id = %s AND role IS NULL", (user_id,))
    return {row["project_id"] for row in rows}
