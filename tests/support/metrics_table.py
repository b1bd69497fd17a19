"""Every metric that Punctual tells, as docs/metrics.md has them."""

from collections.abc import Iterator

from prometheus_client import REGISTRY

from punctual.commands.state.families import FAMILIES
from punctual.kit import metrics

_SUFFIX = {"counter": "_total", "info": "_info"}


def names() -> set[str]:
    """As they appear in queries, those of histograms with their parts."""
    found = set(FAMILIES)
    for name, kind, _, _ in _own():
        found |= {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}
    return found


def table() -> str:
    """What processes count, then the state of the whole."""
    state = [(family.name, "gauge", family.labels, family.help) for family in FAMILIES.values()]
    return "\n\n".join(_rows(rows) for rows in (sorted(_own()), state))


def _own() -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    for metric in vars(metrics).values():
        if getattr(metric, "_type", None) and metric in REGISTRY._collector_to_names:
            kind = metric._type
            yield metric._name + _SUFFIX.get(kind, ""), kind, tuple(metric._labelnames), metric._documentation


def _rows(rows: list[tuple[str, str, tuple[str, ...], str]]) -> str:
    lines = ["| metric | kind | labels | what it says |", "|---|---|---|---|"]
    for name, kind, labels, text in rows:
        lines.append(f"| `{name}` | {kind} | {', '.join(f'`{label}`' for label in labels)} | {text} |")
    return "\n".join(lines)
