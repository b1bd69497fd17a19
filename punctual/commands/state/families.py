"""The metrics of the state of the whole, each with what it says."""

from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric


@dataclass(frozen=True, slots=True)
class Sample:
    """One value; labels in the order of the family's."""

    name: str
    labels: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Family:
    """A gauge."""

    name: str
    help: str
    labels: tuple[str, ...] = ()


FAMILIES = {
    family.name: family
    for family in (
        Family("punctual_broker_up", "Whether RabbitMQ answers."),
        Family("punctual_database_up", "Whether a service's database answers.", ("service",)),
        Family(
            "punctual_queue_messages",
            "Messages in a queue: `ready` for a worker, `delayed` until their next try, `dead` and not yet kept"
            " in the table of dead letters. What workers hold isn't counted.",
            ("queue", "state"),
        ),
        Family("punctual_queue_consumers", "Workers that read a queue.", ("queue",)),
        Family(
            "punctual_queue_oldest_message_seconds", "How long the oldest message of a queue has waited.", ("queue",)
        ),
        Family("punctual_outbox_messages", "Messages that were committed and aren't published yet.", ("service",)),
        Family("punctual_outbox_lag_seconds", "The age of the oldest message in an outbox; 0: empty.", ("service",)),
        Family("punctual_dead_letters", "Messages that were given up and await a decision.", ("service",)),
        Family("punctual_tick_age_seconds", "Since a worker last carried out a tick of the scheduler.", ("service",)),
        Family("punctual_reminders_due", "Reminders whose time has come and that haven't fired."),
        Family("punctual_reminder_lag_seconds", "How late the most belated of them is; 0: none."),
        Family(
            "punctual_unsettled_deliveries",
            "Deliveries that didn't arrive, or not yet: `queued`, `held`, `sending`, `failed` (refused), `dead`"
            " (given up).",
            ("channel", "state"),
        ),
        Family("punctual_mail_lag_seconds", "How long the most belated e-mail has been due; 0: none."),
        Family("punctual_canary_age_seconds", "Since the promised time of the last canary reminder that arrived."),
        Family("punctual_canary_trip_seconds", "How long that one took from its promised time to the inbox."),
    )
}


def families(samples: Iterable[Sample]) -> list[Metric]:
    """All families with their samples."""
    found = {
        family.name: GaugeMetricFamily(family.name, family.help, labels=family.labels) for family in FAMILIES.values()
    }
    for sample in samples:
        found[sample.name].add_metric(sample.labels, sample.value)
    return list(found.values())
