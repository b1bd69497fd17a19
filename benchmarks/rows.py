"""One figure of a benchmark."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Row:
    """One figure."""

    what: str
    unit: str
    value: float
    details: dict[str, Any] = field(default_factory=dict)
