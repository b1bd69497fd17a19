"""The canary's reminders: promised in the ledger like everybody's, and from there on like everybody's."""

from datetime import timedelta

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import arm, parse_rule
from punctual.domain.task.zones import zone_named
from punctual.kit.canary import CANARY, SECONDS
from punctual.kit.schedule import scheduled
from punctual.kit.transactions import Transaction
from punctual.storage.task import canary as storage, reminders

INTERVAL = timedelta(seconds=SECONDS)
# Only what is still ahead is promised, and deadlines are in whole seconds.
AHEAD = timedelta(seconds=2)
AT_THE_DEADLINE = parse_rule("PT0S")


@scheduled("task", seconds=5)
def send_canary(transaction: Transaction) -> None:
    """Promise the canary its next reminder a minute after the last, but not while that one is still awaited."""
    since = transaction.now - INTERVAL
    deadline = transaction.now + AHEAD
    if storage.rests(transaction, since) and (version := storage.move(transaction, deadline, since)):
        promises = arm(CANARY, CANARY, Due.at(deadline), version, [AT_THE_DEADLINE], zone_named("UTC"), transaction.now)
        reminders.insert(transaction, promises)
