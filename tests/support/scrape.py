"""Metrics as Prometheus gets them."""

import urllib.request
from collections.abc import Mapping

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families


def counted(name: str, registry: CollectorRegistry = REGISTRY, **labels: str) -> float:
    """A sample of this process; 0 where there is none yet."""
    return registry.get_sample_value(name, labels) or 0.0


def scraped(url: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """All samples that a process tells, by name and labels."""
    with urllib.request.urlopen(url, timeout=15) as answer:  # noqa: S310 - our own processes
        families = text_string_to_metric_families(answer.read().decode())
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }


def sample(samples: Mapping[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float | None:
    """One of them."""
    return samples.get((name, frozenset(labels.items())))
