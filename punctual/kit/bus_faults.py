"""What RabbitMQ, or the way there, is to blame for, as aio-pika and aiormq tell it."""

import contextlib
from collections.abc import Iterator

from aiormq.exceptions import AMQPError, DeliveryError

_FAULTS = (AMQPError, DeliveryError, ConnectionError, TimeoutError, RuntimeError, OSError)


def is_fault(error: BaseException) -> bool:
    """Whether it isn't a bug. aiormq has but a bare Exception for a channel that was closed in order."""
    return isinstance(error, _FAULTS) or type(error) is Exception


@contextlib.contextmanager
def tolerant() -> Iterator[None]:
    """Pass over faults."""
    try:
        yield
    except Exception as error:
        if not is_fault(error):
            raise
