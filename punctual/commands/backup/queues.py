"""What of RabbitMQ a backup needs to know: whether everything that was published before has been taken up."""

from collections.abc import Iterable

from punctual.commands.work import import_actors
from punctual.kit.broker import broker
from punctual.kit.inspection import Inspection, Unreachable

# Behind a busy worker's messages a probe may wait for long; that costs nothing but time.
SECONDS = 600.0


def every() -> list[str]:
    """The queues of all actors."""
    import_actors()
    return sorted(broker.get_declared_queues())


def silent(queues: Iterable[str], seconds: float = SECONDS) -> list[str]:
    """The queues in which something older than this call may still wait; all of them where RabbitMQ is away.

    A probe comes behind all that is in a queue, so its answer says that all of it was handed to a worker.
    """
    wanted = set(queues)
    try:
        with Inspection() as inspection:
            read = {name for name in wanted if (state := inspection.queue(name)) and state.consumers}
            return sorted((wanted - read) | inspection.unanswered(read, seconds))
    except Unreachable:
        return sorted(wanted)
