"""What a person wants to hear of: per kind and channel, over the defaults of the kinds."""

from collections.abc import Iterable, Mapping
from typing import Any

from punctual.domain.notification.kinds import KINDS
from punctual.kit.errors import Invalid

Choices = Mapping[str, tuple[bool, bool]]


class UnknownKind(Invalid):
    """There is no such kind of notification."""


class KindNamedTwice(Invalid):
    """One kind can't have two preferences."""


def choices(items: Iterable[Mapping[str, Any]]) -> dict[str, tuple[bool, bool]]:
    """In-app and e-mail by kind. Raises UnknownKind or KindNamedTwice."""
    chosen: dict[str, tuple[bool, bool]] = {}
    for item in items:
        kind = item["kind"]
        if kind not in KINDS:
            raise UnknownKind(f"{kind} isn't a kind of notification; GET this resource lists them.", field="items")
        if kind in chosen:
            raise KindNamedTwice(f"{kind} is named twice; name each kind once.", field="items")
        chosen[kind] = (item["in_app"], item["email"])
    return chosen


def preferences(chosen: Choices) -> list[dict[str, Any]]:
    """Every kind with what holds for it."""
    rows = []
    for kind in KINDS.values():
        in_app, email = chosen.get(kind.name, (True, kind.email))
        rows.append({"kind": kind.name, "in_app": in_app, "email": email})
    return rows
