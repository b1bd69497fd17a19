"""Metrics of the local stack: each process gets a port, and a list says which, as Prometheus reads it."""

import json
from collections.abc import Mapping
from dataclasses import replace

from punctual.commands.local.directory import Directory, write_private
from punctual.commands.local.lineup import Tiers
from punctual.commands.local.ports import Ports
from punctual.commands.local.processes import Command

PORT = "PUNCTUAL_METRICS_PORT"
_WITHOUT = ("mail-catcher",)


def with_metrics(directory: Directory, tiers: Tiers, given: Mapping[str, str]) -> Tiers:
    """The same processes, telling metrics at free loopback ports, unless the user's PUNCTUAL_METRICS_PORT is 0."""
    if given.get(PORT) == "0":
        directory.metrics.unlink(missing_ok=True)
        return tiers
    ports = Ports(directory.ports)
    told = [[_with_port(command, ports) for command in tier] for tier in tiers]
    targets = [
        {"targets": [f"127.0.0.1:{command.environment[PORT]}"], "labels": {"process": command.name}}
        for tier in told
        for command in tier
        if command.name not in _WITHOUT
    ]
    write_private(directory.metrics, json.dumps(targets, indent=2) + "\n")
    return told


def _with_port(command: Command, ports: Ports) -> Command:
    if command.name in _WITHOUT:
        return command
    port = str(ports.free(f"metrics-{command.name}"))
    return replace(command, environment={**command.environment, PORT: port, "PUNCTUAL_METRICS_HOST": "127.0.0.1"})
