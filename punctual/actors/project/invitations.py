"""Invitations by e-mail. The token goes straight to the mail queue; only its hash is kept here."""

import hashlib
import secrets
from uuid import UUID

from dramatiq import Message

from punctual.actors.project.publishing import publish_member
from punctual.domain.project import INVITATION_LIFE, Invitation, Project, ProjectArchived
from punctual.kit.broker import MAIL
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import events, project as schemas
from punctual.storage import project as storage


@command("project")
def invite(transaction: Transaction, *, project: str, invitation_id: UUID, email: str, role: str) -> Outcome:
    """Invite an address; an earlier open invitation to it ends."""
    found = storage.load(transaction, project)
    found.demand(transaction.caller.id, "admin")
    if found.archived:
        raise ProjectArchived("The project is archived; unarchive it first.")
    token = secrets.token_urlsafe(32)
    invitation = _invitation(transaction, found, invitation_id, email, role, token)
    storage.insert_invitation(transaction, invitation)
    inviter = storage.display_name(transaction, invitation.invited_by, active=False)
    transaction.send(_mail(found, invitation, token, inviter))
    transaction.publish(events.PROJECT_INVITED, found.version, _payload(found, invitation))
    location = f"/api/v1/projects/{found.id}/invitations/{invitation_id}"
    return Outcome.created(location, schemas.Invitation().dump(invitation))


@command("project")
def accept_invitation(transaction: Transaction, *, token_hash: str) -> Outcome:
    """Join by invitation; whoever has joined by it is a member already."""
    by = transaction.caller.id
    assert by
    invitation = storage.load_invitation(transaction, token_hash)
    found = storage.load_to_join(transaction, invitation.project_id)
    known = by in found.roles
    if invitation.accepted_by != by or not known:
        invitation.accept(transaction.now, by)
        storage.save_invitation(transaction, invitation)
        if found.join(by, invitation.role):
            storage.set_member(transaction, found, by, invitation.role)
            event = events.PROJECT_MEMBER_ROLE_CHANGED if known else events.PROJECT_MEMBER_ADDED
            publish_member(transaction, event, found, by)
    return Outcome.ok({"project_id": found.id, "project_key": found.key, "role": found.roles[by]})


@command("project")
def withdraw_invitation(transaction: Transaction, *, project: str, invitation_id: UUID) -> Outcome:
    """Withdraw an open invitation."""
    found = storage.load(transaction, project)
    found.demand(transaction.caller.id, "admin")
    storage.delete_invitation(transaction, found.id, invitation_id)
    return Outcome.gone()


def token_hash(token: str) -> str:
    """How a token is stored and sent: never itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def _invitation(
    transaction: Transaction, project: Project, invitation_id: UUID, email: str, role: str, token: str
) -> Invitation:
    assert transaction.caller.id
    now = transaction.now
    return Invitation(
        invitation_id,
        project.id,
        email,
        role,
        token_hash(token),
        transaction.caller.id,
        now,
        now + INVITATION_LIFE,
    )


def _mail(project: Project, invitation: Invitation, token: str, inviter: str | None) -> Message[None]:
    # By name: the mail actor is the notification service's, and this one may not import it.
    context = {
        "actor_name": inviter,
        "project_key": project.key,
        "project_name": project.name,
        "role": invitation.role,
        "token": token,
    }
    return Message(
        queue_name=MAIL,
        actor_name="notification.send_secret",
        args=(),
        kwargs={
            "mail_id": invitation.id, "template": "project.invited", "to": invitation.email, "context": context,
        },
        options={},
    )  # fmt: skip


def _payload(project: Project, invitation: Invitation) -> dict[str, object]:
    return {
        "invitation_id": invitation.id,
        "project_id": project.id,
        "project_key": project.key,
        "project_name": project.name,
        "email": invitation.email,
        "role": invitation.role,
    }
