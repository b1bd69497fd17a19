"""Projects, members and invitations in project_db."""

from uuid import UUID

from punctual.domain.project import Invitation, Project, key_in_use, not_found
from punctual.kit.errors import NotFound, NotReplicated
from punctual.kit.transactions import Row, Transaction

_ROLES = "(SELECT coalesce(json_object_agg(user_id, role), '{}') FROM member WHERE project_id = id) AS roles"
_FORMER_KEYS = "ARRAY(SELECT former_key.key FROM former_key WHERE project_id = id ORDER BY retired_at) AS former_keys"
# By a former key only where no project has it now.
_BY_KEY = """id = coalesce((SELECT id FROM project WHERE key = %s AND deleted_at IS NULL),
    (SELECT project_id FROM former_key WHERE former_key.key = %s))"""
_COLUMNS = "id, key, name, description, created_by, created_at, updated_at, archived, version, members_version"


def load(transaction: Transaction, reference: str) -> Project:
    """The caller's project by id or key, be it a former one, locked, with all its members.

    Raises NotFound where there is none or the caller is an outsider.
    """
    project = _load(transaction, reference)
    if project is None or transaction.caller.id not in project.roles:
        raise not_found(reference)
    return project


def load_to_join(transaction: Transaction, project_id: UUID) -> Project:
    """The same for somebody who isn't a member yet. Raises NotFound."""
    project = _load(transaction, str(project_id))
    if project is None:
        raise not_found(project_id)
    return project


def _load(transaction: Transaction, reference: str) -> Project | None:
    where, values = ("id = %s", [reference]) if "-" in reference else (_BY_KEY, [reference, reference])
    # First the lock, then a look: a statement that waited for a lock shows other tables as they were before.
    transaction.later(f"SELECT 1 FROM project WHERE {where} AND deleted_at IS NULL FOR UPDATE", values)
    row = transaction.one(
        f"SELECT {_COLUMNS}, {_ROLES}, {_FORMER_KEYS} FROM project WHERE {where} AND deleted_at IS NULL", values
    )
    return _project(row) if row else None


def insert(transaction: Transaction, project: Project) -> None:
    """A new project and its members. Breaks KeyInUse at commit."""
    _take_key(transaction, project)
    transaction.later(
        f"INSERT INTO project ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            project.id, project.key, project.name, project.description, project.created_by,
            project.created_at, project.updated_at, project.archived, project.version, project.members_version,
        ),
        violates={"project_key": key_in_use(project.key)},
    )  # fmt: skip
    for user_id, role in project.roles.items():
        set_member(transaction, project, user_id, role)


def save(transaction: Transaction, project: Project, former_key: str | None = None) -> None:
    """What may change of a project; with the `former_key` that it gives up. Breaks KeyInUse at commit."""
    if former_key and former_key != project.key:
        # In one order for all, so that no two wait for each other.
        for key in sorted((former_key, project.key)):
            if key == project.key:
                _take_key(transaction, project)
            else:
                _retire_key(transaction, project, key)
    transaction.later(
        "UPDATE project SET key = %s, name = %s, description = %s, archived = %s, updated_at = %s, version = %s,"
        " members_version = %s WHERE id = %s",
        (
            project.key, project.name, project.description, project.archived, project.updated_at, project.version,
            project.members_version, project.id,
        ),
        violates={"project_key": key_in_use(project.key)},
    )  # fmt: skip


def delete(transaction: Transaction, project: Project) -> None:
    """Mark the project deleted and drop its members and invitations; its keys are free again."""
    transaction.later("UPDATE project SET deleted_at = %s WHERE id = %s", (transaction.now, project.id))
    transaction.later("DELETE FROM former_key WHERE project_id = %s", (project.id,))
    transaction.later("DELETE FROM member WHERE project_id = %s", (project.id,))
    transaction.later("DELETE FROM invitation WHERE project_id = %s", (project.id,))


def set_member(transaction: Transaction, project: Project, user_id: UUID, role: str) -> None:
    """A member's role, new or changed."""
    transaction.later(
        "INSERT INTO member (project_id, user_id, role, added_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (project_id, user_id) DO UPDATE SET role = EXCLUDED.role",
        (project.id, user_id, role, transaction.now),
    )
    save_members_version(transaction, project)


def remove_member(transaction: Transaction, project: Project, user_id: UUID) -> None:
    """A member no more."""
    transaction.later("DELETE FROM member WHERE project_id = %s AND user_id = %s", (project.id, user_id))
    save_members_version(transaction, project)


def save_members_version(transaction: Transaction, project: Project) -> None:
    """The count of membership changes, by which replicas order them."""
    transaction.later("UPDATE project SET members_version = %s WHERE id = %s", (project.members_version, project.id))


def insert_invitation(transaction: Transaction, invitation: Invitation) -> None:
    """A new invitation; an earlier open one to the same address ends."""
    transaction.later(
        "DELETE FROM invitation WHERE project_id = %s AND email = %s AND accepted_at IS NULL",
        (invitation.project_id, invitation.email),
    )
    transaction.later(
        "INSERT INTO invitation (id, project_id, email, role, token_hash, invited_by, created_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            invitation.id, invitation.project_id, invitation.email, invitation.role, invitation.token_hash,
            invitation.invited_by, invitation.created_at, invitation.expires_at,
        ),
    )  # fmt: skip


def load_invitation(transaction: Transaction, token_hash: str) -> Invitation:
    """The invitation of a token, locked. Raises NotFound."""
    row = transaction.one(
        "SELECT id, project_id, email, role, token_hash, invited_by, created_at, expires_at, accepted_at, accepted_by"
        " FROM invitation WHERE token_hash = %s FOR UPDATE",
        (token_hash,),
    )
    if row is None:
        raise NotFound("There is no such invitation; it may have been withdrawn or replaced by a newer one.")
    return Invitation(**row)


def save_invitation(transaction: Transaction, invitation: Invitation) -> None:
    """That it was accepted, and by whom."""
    transaction.later(
        "UPDATE invitation SET accepted_at = %s, accepted_by = %s WHERE id = %s",
        (invitation.accepted_at, invitation.accepted_by, invitation.id),
    )


def delete_invitation(transaction: Transaction, project_id: UUID, invitation_id: UUID) -> None:
    """Withdraw an open invitation. Raises NotFound."""
    row = transaction.one(
        "DELETE FROM invitation WHERE id = %s AND project_id = %s AND accepted_at IS NULL RETURNING id",
        (invitation_id, project_id),
    )
    if row is None:
        raise NotFound("There is no such open invitation.")


def display_name(transaction: Transaction, user_id: UUID, *, active: bool) -> str | None:
    """A person's name. With `active` raises NotReplicated for somebody who isn't known here (yet), or shut out."""
    row = transaction.one("SELECT display_name, active FROM person WHERE user_id = %s", (user_id,))
    if active and (row is None or not row["active"]):
        raise NotReplicated("There is no active person with this id.", field="user_id")
    return row["display_name"] if row else None


def upsert_person(
    transaction: Transaction, user_id: UUID, email: str, display_name: str, version: int, *, active: bool
) -> None:
    """The replica of a person; an older version never overwrites a newer."""
    transaction.later(
        "INSERT INTO person (user_id, email, display_name, active, version) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (user_id) DO UPDATE SET email = EXCLUDED.email, display_name = EXCLUDED.display_name,"
        " active = EXCLUDED.active, version = EXCLUDED.version WHERE person.version <= EXCLUDED.version",
        (user_id, email, display_name, active, version),
    )


def every_project(transaction: Transaction, after: UUID | None, limit: int) -> list[Project]:
    """Projects in id order, for republishing."""
    rows = transaction.all(
        f"SELECT {_COLUMNS}, {_ROLES}, {_FORMER_KEYS} FROM project WHERE deleted_at IS NULL"
        " AND (%s::uuid IS NULL OR id > %s) ORDER BY id LIMIT %s",
        (after, after, limit),
    )
    return [_project(row) for row in rows]


def _take_key(transaction: Transaction, project: Project) -> None:
    """Make sure that the key is no other project's former one, and won't be before the commit."""
    # Its own it may take back. A version of Punctual before there were former keys left those of projects it deleted.
    transaction.later(
        "DELETE FROM former_key WHERE key = %s"
        " AND (project_id = %s OR project_id IN (SELECT id FROM project WHERE deleted_at IS NOT NULL))",
        (project.key, project.id),
    )
    transaction.later(
        "INSERT INTO former_key (key, project_id, retired_at) VALUES (%s, %s, %s)",
        (project.key, project.id, transaction.now),
        violates={"former_key_pkey": key_in_use(project.key)},
    )
    transaction.later("DELETE FROM former_key WHERE key = %s AND project_id = %s", (project.key, project.id))


def _retire_key(transaction: Transaction, project: Project, key: str) -> None:
    transaction.later(
        "INSERT INTO former_key (key, project_id, retired_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (key, project.id, transaction.now),
    )


def _project(row: Row) -> Project:
    return Project(**{**row, "roles": {UUID(user_id): role for user_id, role in row["roles"].items()}})
