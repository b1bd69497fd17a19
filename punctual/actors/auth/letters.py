"""Secrets by e-mail: forgotten passwords and proof that an address is read."""

import hashlib

from punctual.actors.auth.posting import post
from punctual.actors.auth.publishing import publish_revoked
from punctual.domain.auth.accounts import AlreadyVerified
from punctual.domain.auth.letters import COUNTED_FOR, PASSWORD_RESET, VERIFICATION, too_many
from punctual.kit.commands import command
from punctual.kit.errors import TooManyRequests
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.storage.auth import accounts, guesses, letters as storage, sessions


@command("auth")
def request_password_reset(transaction: Transaction, *, email: str) -> Outcome:
    """Send the owner of an address the means to set a new password; nothing happens where there is none."""
    found = accounts.addressee(transaction, email, PASSWORD_RESET, transaction.now - COUNTED_FOR)
    if found and found[0].active and not too_many(found[1]):
        post(transaction, found[0], PASSWORD_RESET)
    return Outcome.gone()


@command("auth")
def reset_password(transaction: Transaction, *, token_hash: str, password_hash: str) -> Outcome:
    """Set a password with the secret from an e-mail; all sessions end."""
    letter = storage.load(transaction, token_hash, PASSWORD_RESET)
    letter.use(transaction.now)
    account = accounts.load(transaction, letter.account_id)
    account.reset_password(password_hash)
    account.verify_email(transaction.now)
    accounts.save(transaction, account)
    storage.use_all(transaction, account.id, PASSWORD_RESET)
    guesses.clear(transaction, subject_of(account.email))
    publish_revoked(transaction, account.id, sessions.end_all(transaction, account.id))
    return Outcome.gone()


@command("auth")
def request_verification(transaction: Transaction) -> Outcome:
    """Send the caller another verification of the e-mail address."""
    account = accounts.load(transaction, transaction.caller.id)
    if account.email_verified_at:
        raise AlreadyVerified("Your e-mail address is verified already.")
    if too_many(storage.sent_since(transaction, account.id, VERIFICATION, transaction.now - COUNTED_FOR)):
        raise TooManyRequests("Several letters are on their way to you already; try again in an hour.")
    post(transaction, account, VERIFICATION)
    return Outcome.gone()


@command("auth")
def verify_email(transaction: Transaction, *, token_hash: str) -> Outcome:
    """An address is read by its owner. Doing it again is harmless, so the secret isn't used up."""
    letter = storage.load(transaction, token_hash, VERIFICATION)
    letter.demand_good(transaction.now)
    account = accounts.load(transaction, letter.account_id)
    account.verify_email(transaction.now)
    accounts.save(transaction, account)
    return Outcome.gone()


def subject_of(email: str) -> str:
    """Under which name failed attempts at an address are counted: addresses of strangers aren't kept."""
    return hashlib.sha256(email.encode()).hexdigest()
