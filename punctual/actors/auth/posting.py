"""Letters to the owners of addresses. A token goes straight to the mail queue; only its hash is kept here."""

import hashlib
import secrets

from dramatiq import Message

from punctual.domain.auth import letters as domain
from punctual.domain.auth.accounts import Account
from punctual.kit import ids
from punctual.kit.broker import MAIL
from punctual.kit.transactions import Transaction
from punctual.storage.auth import letters as storage


def post(transaction: Transaction, account: Account, kind: str) -> None:
    """Write a letter and hand it to the mail queue."""
    token = None if kind == domain.ALREADY_REGISTERED else secrets.token_urlsafe(32)
    letter = domain.write(ids.uuid7(), account.id, kind, token_hash(token) if token else None, transaction.now)
    storage.insert(transaction, letter)
    transaction.send(_mail(letter, account, token))


def token_hash(token: str) -> str:
    """How a token is stored and sent: never itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(letter: domain.Letter, account: Account, token: str | None) -> Message[None]:
    # By name: the mail actor is the notification service's, and this one may not import it.
    context = {"display_name": account.display_name, **({"token": token} if token else {})}
    return Message(
        queue_name=MAIL,
        actor_name="notification.send_secret",
        args=(),
        kwargs={"mail_id": letter.id, "template": f"auth.{letter.kind}", "to": account.email, "context": context},
        options={},
    )
