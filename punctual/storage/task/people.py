"""The replica of people, and what is known of them in a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from punctual.domain.task.mentions import Member
from punctual.domain.task.reminders import Rule, parse_rules
from punctual.kit.errors import Invalid, NotReplicated
from punctual.kit.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a project as reminders need them. `rules` is None where they never chose any."""

    user_id: UUID
    time_zone: str
    rules: tuple[Rule, ...] | None


def upsert(
    transaction: Transaction,
    user_id: UUID,
    version: int,
    *,
    email: str,
    display_name: str,
    time_zone: str,
    active: bool,
) -> bool:
    """The replica of a person; an older version never overwrites a newer.

    Whether what is promised to them must follow: their time zone changed, or whether they may come in.
    """
    row = transaction.one(
        "WITH former AS (SELECT time_zone, active FROM person WHERE user_id = %(id)s)"
        " INSERT INTO person (user_id, email, display_name, time_zone, active, version)"
        " VALUES (%(id)s, %(email)s, %(name)s, %(zone)s, %(active)s, %(version)s)"
        " ON CONFLICT (user_id) DO UPDATE SET email = EXCLUDED.email, display_name = EXCLUDED.display_name,"
        " time_zone = EXCLUDED.time_zone, active = EXCLUDED.active, version = EXCLUDED.version"
        " WHERE person.version <= EXCLUDED.version"
        " RETURNING (SELECT (former.time_zone, former.active) <> (person.time_zone, person.active) FROM former) moved",
        {
            "id": user_id, "email": email, "name": display_name, "zone": time_zone, "active": active,
            "version": version,
        },
    )  # fmt: skip
    return bool(row and row["moved"])


def members(transaction: Transaction, project_id: UUID, user_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """These people, as far as they are active members of the project, in one query; none asks for none."""
    if not user_ids:
        return {}
    rows = transaction.all(
        "SELECT person.user_id, person.time_zone, reminder_rules.rules FROM member"
        " JOIN person ON person.user_id = member.user_id AND person.active"
        " LEFT JOIN reminder_rules ON reminder_rules.user_id = member.user_id"
        " WHERE member.project_id = %s AND member.role IS NOT NULL AND member.user_id = ANY(%s)",
        (project_id, list(user_ids)),
    )
    return {row["user_id"]: Person(row["user_id"], row["time_zone"], _rules(row["rules"])) for row in rows}


def demand_members(
    transaction: Transaction, project_id: UUID, user_ids: Sequence[UUID], field: str
) -> dict[UUID, Person]:
    """The same, but raises NotAMember naming `field` if anybody is missing."""
    found = members(transaction, project_id, user_ids)
    for user_id in user_ids:
        if user_id not in found:
            raise NotAMember(f"{user_id} isn't an active member of the project; add them to it first.", field=field)
    return found


def everybody(transaction: Transaction, project_id: UUID) -> list[Member]:
    """All active members, for finding out who is mentioned."""
    rows = transaction.all(
        "SELECT person.user_id, person.email, person.display_name FROM member"
        " JOIN person ON person.user_id = member.user_id AND person.active"
        " WHERE member.project_id = %s AND member.role IS NOT NULL",
        (project_id,),
    )
    return [Member(**row) for row in rows]


class NotAMember(NotReplicated, Invalid):
    """The person has no place in the project: perhaps only not known here yet."""

    status = 422
    code = "not_a_member"


def _rules(texts: list[str] | None) -> tuple[Rule, ...] | None:
    return None if texts is None else parse_rules(texts)
