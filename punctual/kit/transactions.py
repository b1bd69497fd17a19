"""The write side's transactions (psycopg2): few round trips, and whatever must be published rides along.

Writes are held back and sent in front of the next read, the last of them together with COMMIT, so that a
command of a dozen statements costs two or three round trips. Only actors open one; only storage uses it.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import psycopg2
import psycopg2.errors
import psycopg2.extras
from dramatiq import Message

from punctual.kit import ids, logs, settings, traces, wire
from punctual.kit.errors import DomainError, PreconditionFailed
from punctual.kit.keepalives import KEEPALIVES
from punctual.kit.outcomes import Caller
from punctual.kit.prepared import Prepared, Statement

EVENTS = "punctual.events"
OPTIONS = (
    "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)
Row = dict[str, Any]
Parameters = Sequence[Any] | Mapping[str, Any]

psycopg2.extras.register_uuid()
_local = threading.local()


class EventType(Protocol):
    """What the catalogue says of an event, as far as publishing needs it."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that leaves after commit: an event for the exchange, or a command for a queue (exchange "")."""

    id: UUID
    exchange: str
    routing_key: str
    body: bytes


class Transaction:
    """One unit of work in one service's database; committed at the edge, by whoever opened it."""

    def __init__(self, service: str, connection: Any, prepared: Prepared, caller: Caller, now: datetime) -> None:
        self.service = service
        self.caller = caller
        self.now = now
        self.quiet = False
        self.if_match: int | None = None
        self.guarded = False
        self.outgoing: list[Outgoing] = []
        self._cursor = connection.cursor()
        self._prepared = prepared
        self._held: list[Statement | bytes] = [b"BEGIN"]
        self._open = False
        self._broken = False
        self._statements = 0
        self._violations: dict[str, DomainError] = {}

    def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Send what was held back and this query; its rows as dictionaries."""
        self._statements += 1
        self._flush(self._statement(sql, parameters))
        names = [column.name for column in self._cursor.description]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row, or None."""
        rows = self.all(sql, parameters)
        return rows[0] if rows else None

    @property
    def size(self) -> int:
        """How much was asked of it so far: statements, read or held back, and messages."""
        return self._statements + len(self.outgoing)

    def abandon(self) -> None:
        """Drop what was held back, so that there is nothing to commit."""
        self._held.clear()
        self.outgoing.clear()

    def later(self, sql: str, parameters: Parameters = (), violates: Mapping[str, DomainError] | None = None) -> None:
        """Hold a write back until the next read or the commit.

        `violates` says which rule is broken when the constraint of that name fails.
        """
        self._statements += 1
        self._held.append(self._statement(sql, parameters))
        self._violations.update(violates or {})

    def publish(self, event: EventType, version: int, payload: dict[str, Any], event_id: UUID | None = None) -> UUID:
        """Put an event into the outbox; returns its id (a new one unless the caller has a stable one)."""
        event_id = event_id or ids.uuid7()
        body = {
            "id": event_id,
            "name": event.name,
            "version": version,
            "occurred_at": self.now,
            "caller": self.caller.id,
            "request_id": logs.request_id(),
            "quiet": self.quiet,
            "payload": payload,
            **traces.carried(),
        }
        self.outgoing.append(Outgoing(event_id, EVENTS, event.name, wire.dumps(body)))
        return event_id

    def send(self, message: Message[Any]) -> None:
        """Put a message for an actor into the outbox."""
        message = message.copy(options={"request_id": logs.request_id(), **traces.carried()})
        self.outgoing.append(Outgoing(ids.uuid7(), "", message.queue_name, message.encode()))

    def guard(self, version: int, current: Callable[[], dict[str, Any]]) -> None:
        """Refuse the command unless its If-Match names this version.

        Raises PreconditionFailed, carrying the current representation.
        """
        self.guarded = True
        if self.if_match is not None and self.if_match != version:
            raise PreconditionFailed(
                f'If-Match doesn\'t name the current version, "{version}"; read it and decide again.',
                current=current(),
            )

    def commit(self) -> None:
        """Send what was held back, the outbox and COMMIT, in one round trip."""
        if self.outgoing:
            rows = [(item.id, item.exchange, item.routing_key, item.body, self.now) for item in self.outgoing]
            values = b",".join(self._cursor.mogrify("(%s,%s,%s,%s,%s)", row) for row in rows)
            self._held.append(b"INSERT INTO outbox (id, exchange, routing_key, body, created_at) VALUES " + values)
        if self._open or len(self._held) > 1:
            self._flush(b"COMMIT")

    def rollback(self) -> None:
        """Undo everything."""
        self.outgoing.clear()
        self._held.clear()
        if self._open:
            self._cursor.execute("ROLLBACK")
        if self._broken:
            # Which PREPARE came to run can't be known.
            self._prepared.forget()
            self._cursor.execute("DEALLOCATE ALL")

    def _statement(self, sql: str, parameters: Parameters) -> Statement | bytes:
        if isinstance(parameters, Mapping) or not parameters:
            return bytes(self._cursor.mogrify(sql, parameters))
        return self._prepared.statement(self._cursor, sql, parameters)

    def _flush(self, statement: Statement | bytes) -> None:
        known = len(self._prepared)
        statements = b";\n".join(map(self._prepared.text, [*self._held, statement]))
        self._held.clear()
        self._open = True
        try:
            self._cursor.execute(statements)
        except psycopg2.Error as error:
            self._broken = len(self._prepared) > known
            if rule := self._violations.get(error.diag.constraint_name or ""):
                raise rule from error
            raise


@contextmanager
def begin(service: str, caller: Caller | None = None, now: datetime | None = None) -> Iterator[Transaction]:
    """A transaction in the service's database, committed at the end, rolled back by any exception.

    Raises psycopg2.OperationalError or InterfaceError when the database is gone.
    """
    connection, prepared = _connection(service)
    transaction = Transaction(service, connection, prepared, caller or Caller(), now or _now())
    try:
        yield transaction
        transaction.commit()
    except BaseException:
        _abandon(service, connection, transaction)
        raise


def _now() -> datetime:
    # Milliseconds are what every wire carries, so what is stored and what is told are the same.
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def lost(error: BaseException) -> bool:
    """Whether the database is gone or overloaded, rather than the statement wrong."""
    # The bare class is what psycopg2 raises when the connection breaks in the middle of an answer.
    return (
        isinstance(error, psycopg2.InterfaceError | psycopg2.OperationalError) or type(error) is psycopg2.DatabaseError
    )


def doubled(error: BaseException, constraint: str) -> bool:
    """Whether the error says that this row stood already."""
    return isinstance(error, psycopg2.errors.UniqueViolation) and error.diag.constraint_name == constraint


def _connection(service: str) -> tuple[Any, Prepared]:
    connections: dict[str, tuple[Any, Prepared]] = _local.__dict__.setdefault("connections", {})
    known = connections.get(service)
    if known is None or known[0].closed:
        connection = psycopg2.connect(
            settings.current().databases[service].writer,
            options=OPTIONS,
            connect_timeout=5,
            application_name=service,
            **KEEPALIVES,
        )
        connection.autocommit = True  # BEGIN and COMMIT travel with the statements
        known = connections[service] = connection, Prepared()
    return known


def _abandon(service: str, connection: Any, transaction: Transaction) -> None:
    try:
        transaction.rollback()
    except psycopg2.Error:
        _local.connections.pop(service, None)
        connection.close()
