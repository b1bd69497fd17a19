"""One figure of a benchmark."""

from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.load import Load


@dataclass(slots=True)
class Row:
    """One figure."""

    what: str
    unit: str
    value: float
    details: dict[str, Any] = field(default_factory=dict)


def of_load(what: str, load: Load, **details: Any) -> Row:
    """Requests a second, with what each cost."""
    found = {name: value for name, value in asdict(load).items() if name not in ("per_second", "cpu")}
    cpu = {name: value for name, value in load.cpu.items() if value >= 0.01}
    return Row(what, "1/s", round(load.per_second, 1), {**found, "cpu_ms": cpu, **details})
