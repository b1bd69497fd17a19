"""Everywhere that a secret could have been left: logs, databases, queues, events, and what people were shown."""

import base64
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, urlsplit

import aio_pika
import psycopg2
from dramatiq.common import dq_name, xq_name
from psycopg2 import sql

from punctual.kit.settings import SERVICES
from tests.flows.stack import Stack

QUEUES = (*SERVICES, *(f"{service}.events" for service in SERVICES), "mail")


@dataclass(frozen=True)
class Place:
    """A text and where it was found."""

    name: str
    text: str


def logs(stack: Stack) -> Iterator[Place]:
    """Every log file, and what the stack itself said."""
    for path in (*sorted((stack.root / "logs").iterdir()), stack.root / "stack.log"):
        yield Place(f"log {path.name}", path.read_text(errors="replace"))


def databases(stack: Stack) -> Iterator[Place]:
    """Every column of every table as text; bytes as hexadecimal digits."""
    for service in SERVICES:
        url = stack.variables()[f"PUNCTUAL_DATABASE_OWNER_URL_{service.upper()}"]
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
                " AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')"
            )
            for table, column in cursor.fetchall():
                query = sql.SQL("SELECT {}::text FROM {}").format(sql.Identifier(column), sql.Identifier(table))
                cursor.execute(query)
                text = "\n".join(row[0] for row in cursor.fetchall() if row[0])
                yield Place(f"{service}_db {table}.{column}", text)


async def queues(stack: Stack) -> list[Place]:
    """What lies in queues, dead or alive; it stays there."""
    places = []
    connection = await aio_pika.connect(stack.variables()["PUNCTUAL_AMQP_URL"])
    async with connection:
        for name in [each for queue in QUEUES for each in (queue, dq_name(queue), xq_name(queue))]:
            channel = await connection.channel()
            queue = await channel.get_queue(name, ensure=False)
            while message := await queue.get(fail=False):
                places.append(Place(f"queue {name}", message.body.decode(errors="replace")))
            await channel.close()
    return places


@asynccontextmanager
async def overheard(stack: Stack) -> AsyncIterator[list[Place]]:
    """Every event of the whole system during the block."""
    heard: list[Place] = []

    async def hear(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        heard.append(Place(f"event {message.routing_key}", message.body.decode()))

    connection = await aio_pika.connect(stack.variables()["PUNCTUAL_AMQP_URL"])
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("punctual.events", "#")
        await queue.consume(hear, no_ack=True)
        yield heard


def server_passwords(stack: Stack) -> set[str]:
    """The passwords of databases and broker."""
    passwords = (urlsplit(url).password for url in stack.variables().values() if "://" in url)
    return {password for password in passwords if password}


def finds(secrets: Iterable[str], places: Iterable[Place]) -> dict[str, set[str]]:
    """The secrets by the names of the places where they stand in whatever writing."""
    writings = {writing: secret for secret in secrets for writing in _writings(secret)}
    found: dict[str, set[str]] = {}
    for place in places:
        for writing, secret in writings.items():
            if writing in place.text:
                found.setdefault(place.name, set()).add(secret)
    return found


def _writings(secret: str) -> set[str]:
    raw = secret.encode()
    # In base64 a text looks different at each of three offsets; what surrounds it changes its ends only.
    shifted = {base64.b64encode(bytes(shift) + raw).decode()[4:-4] for shift in range(3)}
    return {secret, raw.hex(), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], *shifted}
