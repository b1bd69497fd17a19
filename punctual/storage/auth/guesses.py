"""Failed attempts in auth_db."""

from dataclasses import astuple
from datetime import datetime

from punctual.domain.auth.guesses import Guesses
from punctual.kit.transactions import Transaction


def load(transaction: Transaction, subject: str) -> Guesses:
    """What was tried at an address, locked even if it is nothing yet."""
    transaction.later(
        "INSERT INTO guess (subject, failures, failed_at) VALUES (%s, 0, %s) ON CONFLICT (subject) DO NOTHING",
        (subject, transaction.now),
    )
    row = transaction.one(
        "SELECT subject, failures, failed_at, blocked_until FROM guess WHERE subject = %s FOR UPDATE", (subject,)
    )
    return Guesses(**row) if row else Guesses(subject)


def save(transaction: Transaction, guesses: Guesses) -> None:
    """How often it failed, and how long nothing may be tried."""
    subject, *values = astuple(guesses)
    transaction.later(
        "UPDATE guess SET failures = %s, failed_at = %s, blocked_until = %s WHERE subject = %s", (*values, subject)
    )


def clear(transaction: Transaction, subject: str) -> None:
    """Forget what failed at an address: its owner is in."""
    transaction.later("DELETE FROM guess WHERE subject = %s", (subject,))


def forget(transaction: Transaction, before: datetime) -> None:
    """Drop what failed before then."""
    transaction.later("DELETE FROM guess WHERE failed_at < %s", (before,))
