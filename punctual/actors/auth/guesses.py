"""Failed attempts at passwords are counted where all processes see them."""

from punctual.kit.commands import command
from punctual.kit.outcomes import Outcome
from punctual.kit.transactions import Transaction
from punctual.storage.auth import guesses as storage


@command("auth")
def record_failure(transaction: Transaction, *, subject: str) -> Outcome:
    """One more failed attempt at an address."""
    guesses = storage.load(transaction, subject)
    guesses.fail(transaction.now)
    storage.save(transaction, guesses)
    return Outcome.gone()
