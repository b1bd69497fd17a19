"""The scheduler's part, played at once."""

import time
from uuid import uuid4

import aio_pika
import orjson

from tests.flows.stack import Stack


async def tick(stack: Stack, *jobs: str) -> None:
    """Have these jobs done now, as the scheduler would some time later; returns when they are under way."""
    await publish(stack, {job: command(job) for job in jobs})


async def publish(stack: Stack, bodies: dict[str, bytes]) -> None:
    """Put messages into the queues of the actors that the keys name, by the part before the dot."""
    connection = await aio_pika.connect(stack.variables()["PUNCTUAL_AMQP_URL"])
    async with connection:
        channel = await connection.channel()
        for name, body in bodies.items():
            await channel.default_exchange.publish(aio_pika.Message(body), name.partition(".")[0])


def command(actor: str, queue: str | None = None, bugs: int = 0, **arguments: object) -> bytes:
    """A message for an actor, as Dramatiq writes it; `bugs` counts its failures before."""
    body = {
        "queue_name": queue or actor.partition(".")[0], "actor_name": actor, "args": [], "kwargs": arguments,
        "options": {"bugs": bugs} if bugs else {}, "message_id": str(uuid4()),
        "message_timestamp": int(time.time() * 1000),
    }  # fmt: skip
    return orjson.dumps(body)
