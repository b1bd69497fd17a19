"""One click in a mail program, and e-mails of that kind end (RFC 8058). Nobody needs to be signed in for it."""

from uuid import UUID

from punctual.domain.notification import ALL_KINDS, KINDS, Choices, Unsubscription, demand_good, preferences
from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.schemas import notification as schemas
from punctual.storage.notification import unsubscribing as storage


@command("notification")
def unsubscribe(transaction: Transaction, *, user_id: UUID, kind: str, key: int, proof: str) -> Outcome:
    """Send this person no more e-mails of this kind. Doing it again is harmless, so the link is never used up."""
    demand_good(user_id, kind, key, proof, storage.secret(transaction, key))
    storage.switch_off(transaction, user_id, list(KINDS) if kind == ALL_KINDS else [kind])
    return Outcome.ok(schemas.Unsubscription().dump({"kind": kind, "email": False}))


def read(token: str) -> Unsubscription:
    """What a link says. Raises NotFound for one that can't be read."""
    return Unsubscription.read(token)


def shown(link: Unsubscription, secret: bytes | None, chosen: Choices) -> dict[str, object]:
    """The representation; `chosen` are the person's preferences. Raises NotFound for a link that isn't good."""
    demand_good(link.user_id, link.kind, link.key, link.proof, secret)
    email = any(each["email"] for each in preferences(chosen) if link.kind in (each["kind"], ALL_KINDS))
    body: dict[str, object] = schemas.Unsubscription().dump({"kind": link.kind, "email": email})
    return body
