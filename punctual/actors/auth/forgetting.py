"""What nobody can use any more is dropped."""

from datetime import timedelta

from punctual.domain.auth.guesses import FORGOTTEN_AFTER
from punctual.domain.auth.letters import COUNTED_FOR, LIVES
from punctual.kit.schedule import scheduled
from punctual.kit.transactions import Transaction
from punctual.storage.auth import guesses, letters, sessions

KEEP_SESSIONS = timedelta(days=1)  # far beyond the life of an access token, which the denylist must cover


@scheduled("auth", seconds=3600)
def forget(transaction: Transaction) -> None:
    """Drop ended sessions, old tokens, old letters, and attempts that count no more."""
    sessions.forget(transaction, transaction.now - KEEP_SESSIONS)
    letters.forget(transaction, transaction.now - max(LIVES.values()) - COUNTED_FOR)
    guesses.forget(transaction, transaction.now - FORGOTTEN_AFTER)
