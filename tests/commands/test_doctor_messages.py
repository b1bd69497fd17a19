"""The doctor and a real RabbitMQ: queues, workers, and each binding by probes that change nothing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pika
import pytest

from punctual.commands.doctor import messages
from punctual.commands.doctor.findings import Finding, Level
from punctual.kit import settings
from punctual.kit.inspection import Inspection, Unreachable
from tests.support.services import Services

EXCHANGE = "punctual.events"


def about(what: str, findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.what == what]


@pytest.fixture
def channel(environment) -> Iterator[Any]:
    """RabbitMQ, to make faults in."""
    connection = pika.BlockingConnection(pika.URLParameters(settings.current().amqp_url))
    yield connection.channel()
    connection.close()


def test_everything_is_well_while_a_worker_runs(running_worker) -> None:
    found = messages.check(settings.current())

    # Other tests may have left dead letters, which nobody collects here; that is a note.
    assert Level.FAULT not in {finding.level for finding in found}
    assert "a probe of each event came to each of its" in about("bindings", found)[0].why
    assert about("queue mail", found)


def test_a_binding_that_is_lost_is_found(running_worker, channel) -> None:
    channel.queue_unbind("task.events", EXCHANGE, "project.created")
    try:
        [fault] = about("bindings", messages.check(settings.current()))
    finally:
        channel.queue_bind("task.events", EXCHANGE, "project.created")

    assert fault.level is Level.FAULT
    assert fault.why == "events don't arrive: project.created to task.events"
    assert fault.remedy.startswith("punctual migrate")


def test_a_binding_that_nobody_listens_to_is_found(running_worker, channel) -> None:
    channel.queue_bind("task.events", EXCHANGE, "notification.created")
    try:
        [fault] = about("bindings", messages.check(settings.current()))
    finally:
        channel.queue_unbind("task.events", EXCHANGE, "notification.created")

    assert fault.why == "bound, but nobody listens: notification.created to task.events"


async def test_a_probe_reaches_no_handler_and_no_actor(services: Services, caplog) -> None:
    import asyncio

    heard: list[Any] = []

    async def hear(message: Any) -> None:
        heard.append(message)

    await services.bus.connect()
    await services.bus.listen(hear, ["user.created"])

    found = await asyncio.to_thread(messages.check, settings.current())

    assert about("bindings", found)[0].level is Level.OK
    assert not heard
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_queue_says_how_much_waits_and_who_reads(environment, channel) -> None:
    channel.queue_declare("doctor.test", auto_delete=True)
    channel.basic_publish("", "doctor.test", b"one")
    with Inspection() as inspection:
        state = inspection.queue("doctor.test")
        missing = inspection.queue("no.such.queue")
    channel.queue_delete("doctor.test")

    assert state is not None
    assert (state.messages, state.consumers) == (1, 0)
    assert missing is None


def test_a_queue_without_a_worker_says_which_command_starts_one(environment) -> None:
    class Silent(Inspection):
        def queue(self, name: str) -> Any:
            state = super().queue(name)
            return state and replace(state, consumers=0)

        def probe(self, *_asked: object) -> set[tuple[str, str]]:
            return set()  # a worker of other tests may run and answer

    with Silent() as inspection:
        found = list(messages._check(inspection))

    assert about("queue task", found)[0].remedy == "start one: punctual work"
    assert about("queue mail", found)[0].remedy == "start one: punctual work --queues mail"
    assert "unknown for" in about("bindings", found)[0].why


def test_a_queue_that_stands_otherwise_is_found(environment, channel) -> None:
    channel.queue_declare("doctor.odd", durable=True)
    with Inspection() as inspection:
        difference = inspection.declared_otherwise("doctor.odd")
    channel.queue_delete("doctor.odd")

    assert difference is not None
    assert "x-dead-letter-exchange" in difference


def test_an_exchange_of_another_type_is_found(environment, channel, monkeypatch) -> None:
    from punctual.kit import inspection

    monkeypatch.setattr(inspection, "EVENTS", "doctor.events")
    with Inspection() as looking:
        missing = looking.exchange()
        channel.exchange_declare("doctor.events", exchange_type="fanout", durable=True)
        otherwise = looking.exchange()
    channel.exchange_delete("doctor.events")

    assert missing is not None
    assert "no exchange" in missing
    assert otherwise is not None
    assert "inequivalent arg 'type'" in otherwise


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("amqp://127.0.0.1:1", "refused"),
        ("{scheme}wrong:wrong@{place}", "user and the password"),
        ("{url}/nowhere", "virtual host nowhere"),
    ],
)
def test_why_rabbitmq_lets_nobody_in_is_said(environment, monkeypatch, url: str, reason: str) -> None:
    known = settings.current()
    place = known.amqp_url.rpartition("@")[2]
    broken = replace(known, amqp_url=url.format(scheme="amqp://", place=place, url=known.amqp_url))
    monkeypatch.setattr(settings, "current", lambda: broken)

    with pytest.raises(Unreachable, match=reason):
        Inspection()
    [fault] = messages.check(broken)

    assert fault.level is Level.FAULT
    assert "PUNCTUAL_AMQP_URL" in fault.remedy
