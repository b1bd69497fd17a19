"""The Compose files as Compose sees them."""

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
NORMAL = ("docker-compose.yml",)
SMALL = ("docker-compose.yml", "docker-compose.small.yml")
FRONTED = ("docker-compose.yml", "docker-compose.front.yml")
MEASURED = ("docker-compose.yml", "docker-compose.monitoring.yml")
FILES = sorted({*SMALL, *FRONTED, *MEASURED})
ONE_SHOT = {"secrets", "migrate"}
SERVERS = {"postgres", "rabbitmq"}
FRONT = "front"
MONITORING = {"prometheus", "grafana"}


def read(name: str) -> dict[str, Any]:
    """One file, its anchors resolved."""
    return yaml.safe_load((ROOT / name).read_text())


def schema() -> dict[str, Any]:
    """The Compose specification's own schema."""
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    return json.loads((folder / "compose-spec.json").read_text())


def services(*names: str) -> dict[str, dict[str, Any]]:
    """What `up` starts, the later files over the earlier ones."""
    merged: dict[str, dict[str, Any]] = {}
    for name in names:
        for service, changes in read(name)["services"].items():
            before = merged.get(service, {})
            merged[service] = {
                **before,
                **changes,
                "environment": {**before.get("environment", {}), **changes.get("environment", {})},
                "networks": [*before.get("networks", []), *changes.get("networks", [])],
                "group_add": [*before.get("group_add", []), *changes.get("group_add", [])],
            }
    return {name: service for name, service in merged.items() if not service.get("profiles")}


def values(node: Any) -> Iterator[str]:
    """Every string in a file, wherever it stands."""
    if isinstance(node, dict):
        for value in node.values():
            yield from values(value)
    elif isinstance(node, list):
        for value in node:
            yield from values(value)
    elif isinstance(node, str):
        yield node


def variables(text: str) -> set[str]:
    """The names that Compose takes from the environment."""
    return set(re.findall(r"\$\{([A-Z_]+)", text))
