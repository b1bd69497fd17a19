"""RabbitMQ: its alarms, the exchange, every queue with its worker, and every binding."""

from collections.abc import Iterator, Mapping

from dramatiq.common import dq_name, xq_name

from punctual.commands.doctor.findings import Finding, fault, note, ok
from punctual.commands.work import import_actors
from punctual.kit.broker import MAIL, broker
from punctual.kit.inspection import Inspection, QueueState, Unreachable
from punctual.kit.listeners import BINDINGS
from punctual.kit.settings import Settings
from punctual.schemas.events import CATALOGUE

BACKLOG = 1_000
Pair = tuple[str, str]


def check(_known: Settings) -> list[Finding]:
    """Everything that goes through RabbitMQ."""
    import_actors()
    try:
        with Inspection() as inspection:
            return list(_check(inspection))
    except Unreachable as error:
        return [fault("RabbitMQ", str(error), "start RabbitMQ, or correct PUNCTUAL_AMQP_URL")]


def _check(inspection: Inspection) -> Iterator[Finding]:
    if alarm := inspection.alarm():
        why = f"{inspection.version} takes no messages: {alarm}"
        yield fault("RabbitMQ", why, "free disk space or memory on its machine; it goes on by itself")
        return
    yield ok("RabbitMQ", f"{inspection.version}, no alarm")
    if wrong := inspection.exchange():
        yield fault("exchange punctual.events", wrong, "punctual migrate; if it stands otherwise, delete it first")
    else:
        yield ok("exchange punctual.events", "stands")
    names = sorted(broker.get_declared_queues())
    states = {name: inspection.queue(name) for name in names}
    for name, state in states.items():
        yield from _queue(inspection, name, state)
    if not wrong:
        yield from _bindings(inspection, states)


def _queue(inspection: Inspection, name: str, state: QueueState | None) -> Iterator[Finding]:
    what = f"queue {name}"
    delayed, dead = inspection.queue(dq_name(name)), inspection.queue(xq_name(name))
    if state is None or delayed is None or dead is None:
        yield fault(what, "it doesn't stand, or its delayed or dead one doesn't", "punctual migrate")
        return
    if difference := inspection.declared_otherwise(name):
        trio = f"{name}, {dq_name(name)} and {xq_name(name)}"
        remedy = f"stop the workers, let it run empty, delete {trio}, then punctual migrate"
        yield fault(what, difference, remedy)
    counts = f"{state.messages} waiting, {delayed.messages} delayed, {dead.messages} dead"
    command = f"punctual work{' --queues mail' if name == MAIL else ''}"
    if not state.consumers:
        yield fault(what, f"no worker reads it ({counts})", f"start one: {command}")
    elif dead.messages:
        remedy = "the scheduler and a worker collect them; then punctual dead-letters list"
        yield note(what, counts, remedy)
    elif state.messages > BACKLOG:
        yield note(what, counts, f"if it grows, start another worker: {command}")
    else:
        yield ok(what, f"{counts}; read by {state.consumers}")


def _bindings(inspection: Inspection, states: Mapping[str, QueueState | None]) -> Iterator[Finding]:
    """Probes travel as events do, and the worker at each queue that they reach says so."""
    what = "bindings"
    declared = {(queue, name) for queue, names in BINDINGS.items() for name in names}
    silent = {queue for queue in BINDINGS if not (state := states.get(queue)) or not state.consumers}
    expected = {pair for pair in declared if pair[0] not in silent}
    answers = inspection.probe(sorted(CATALOGUE), expected)
    busy = {queue for queue, _ in expected - answers if (state := inspection.queue(queue)) and state.messages}
    missing = {pair for pair in expected - answers if pair[0] not in busy}
    if missing:
        remedy = "punctual migrate; then punctual resync of the services that own these events"
        yield fault(what, f"events don't arrive: {_spoken(missing)}", remedy)
    if extra := answers - declared:
        remedy = "let an administrator of RabbitMQ unbind them; until then such events become dead letters"
        yield fault(what, f"bound, but nobody listens: {_spoken(extra)}", remedy)
    if unknown := sorted((silent | busy) & {queue for queue, _ in declared - answers}):
        why = f"unknown for {', '.join(unknown)}: probes are answered by its worker, which is away or behind"
        yield note(what, why, "see the queues above, then run this again")
    if not (missing or extra or unknown):
        yield ok(what, f"a probe of each event came to each of its {len(declared)} listeners")


def _spoken(pairs: set[Pair]) -> str:
    return ", ".join(f"{name} to {queue}" for queue, name in sorted(pairs))
