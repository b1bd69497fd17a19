"""Asking an owner to republish its state."""

from dramatiq.errors import ConnectionClosed

from punctual.commands.work import import_actors
from punctual.kit import ids
from punctual.kit.broker import broker
from punctual.kit.settings import SERVICES

NO_RABBITMQ = "RabbitMQ can't be reached; check PUNCTUAL_AMQP_URL, or ask punctual doctor."


class Failed(Exception):
    """It could not be asked for, or wasn't done in time; the text says what to do."""


def owners() -> list[str]:
    """The services that can republish their state."""
    import_actors()
    return [service for service in SERVICES if f"{service}.resync" in broker.actors]


class Request:
    """One request; `id` goes with every event that follows from it, `operation_id` names its outcome."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.id = str(ids.uuid7())
        self.operation_id = ids.uuid7()

    def send(self) -> None:
        """Hand it to the service's queue. Raises Failed."""
        actor = broker.get_actor(f"{self.service}.resync")
        try:
            broker.enqueue(actor.message_with_options(request_id=self.id, operation_id=self.operation_id))
        except ConnectionClosed as error:
            raise Failed(NO_RABBITMQ) from error
        finally:
            del broker.connection
