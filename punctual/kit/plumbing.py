"""What every service with a database needs from its workers: the sweep, the dead letters, the clean-up."""

from punctual.kit import dead_letters, relay
from punctual.kit.schedule import scheduled
from punctual.kit.transactions import EventType, Transaction

KEEP_OPERATIONS_DAYS = 7
KEEP_INBOX_DAYS = 30


def declare(service: str, failed: EventType, *queues: str) -> None:
    """Declare the service's plumbing: for its own queue, its events and the further `queues` it owns."""

    @scheduled(service, seconds=5)
    def sweep_outbox(transaction: Transaction) -> None:
        relay.sweep(transaction)

    @scheduled(service, seconds=10)
    def collect_dead_letters(_transaction: Transaction) -> bool:
        more = [dead_letters.collect(service, queue, failed) for queue in (service, f"{service}.events", *queues)]
        return any(more)

    @scheduled(service, seconds=3600)
    def clean_up(transaction: Transaction) -> None:
        for table, column, days in (
            ("operation", "created_at", KEEP_OPERATIONS_DAYS),
            ("inbox", "received_at", KEEP_INBOX_DAYS),
        ):
            transaction.later(
                f"DELETE FROM {table} WHERE {column} < %s - make_interval(days => %s)",
                (transaction.now, days),
            )
