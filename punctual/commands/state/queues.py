"""What waits in RabbitMQ."""

import logging

from dramatiq.common import dq_name, xq_name
from pika.exceptions import AMQPError

from punctual.commands.state.families import Sample
from punctual.kit.broker import broker
from punctual.kit.inspection import QueueState, Unreachable
from punctual.kit.waiting import Waiting

log = logging.getLogger(__name__)


class Queues:
    """Looks through one connection, which is opened at first use and again after a loss."""

    def __init__(self) -> None:
        self._waiting: Waiting | None = None

    def close(self) -> None:
        """Close the connection, if there is one."""
        waiting, self._waiting = self._waiting, None
        if waiting:
            with waiting:
                pass

    def look(self) -> list[Sample] | None:
        """Every queue that stands; None when RabbitMQ doesn't answer."""
        # A connection that was kept may have been lost meanwhile; a new one tells.
        for _ in range(2 if self._waiting else 1):
            try:
                self._waiting = self._waiting or Waiting()
                return [Sample("punctual_broker_up", (), 1), *_samples(self._waiting)]
            except (Unreachable, AMQPError, OSError) as error:
                log.warning("The queues can't be looked at: %r", error)
                self.close()
        return None


def _samples(waiting: Waiting) -> list[Sample]:
    names = sorted(broker.get_declared_queues())
    found = {name: state for name in names if (state := waiting.queue(name))}
    samples = []
    for name, state in found.items():
        ready = max(state.messages - waiting.own([name]), 0)
        samples += [
            Sample("punctual_queue_messages", (name, "ready"), ready),
            Sample("punctual_queue_messages", (name, "delayed"), _messages(waiting.queue(dq_name(name)))),
            Sample("punctual_queue_messages", (name, "dead"), _messages(waiting.queue(xq_name(name)))),
            Sample("punctual_queue_consumers", (name,), state.consumers),
        ]
    samples += [
        Sample("punctual_queue_oldest_message_seconds", (name,), age) for name, age in waiting.ages(found).items()
    ]
    return samples


def _messages(state: QueueState | None) -> int:
    return state.messages if state else 0
