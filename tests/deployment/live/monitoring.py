"""The part in which Prometheus and Grafana look at what runs."""

import base64
import json
import subprocess
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.deployment.compose import MEASURED, MONITORING
from tests.deployment.live.stack import Compose
from tests.deployment.live.under_load import PROCESSES

SECONDS = 120


def metrics(stack: Compose) -> str:
    """Every container of every process is scraped, the rules are loaded, and the dashboard is there."""
    names = sorted(MONITORING)
    measured = Compose(*MEASURED, version=stack.environment["PUNCTUAL_VERSION"])
    measured.run("up", "--detach", "--no-build", "--no-deps", "secrets", "prometheus")
    # Where the image can't be had, the rest is worth a look all the same.
    measured.run("up", "--detach", "--no-build", "--no-deps", "grafana", check=False)
    try:
        expected = {name: len(stack.containers(name)) for name in PROCESSES}
        _until(lambda: _scraped(stack), expected)
        groups = _ask(stack, "prometheus", "9090/api/v1/rules")["data"]["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        assert {rule["health"] for rule in rules} <= {"ok", "unknown"}, rules
        told = _dashboard(stack) if stack.containers("grafana") else "Grafana's image can't be had here"
    finally:
        measured.run("rm", "--stop", "--force", *names)
    return f"{sum(expected.values())} containers scraped, {len(rules)} alerts loaded; {told}"


def _scraped(stack: Compose) -> dict[str, int]:
    query = "9090/api/v1/query?query=sum%20by%20(process)%20(up%7Bjob%3D%22punctual%22%7D)"
    found = _ask(stack, "prometheus", query)["data"]["result"]
    return {series["metric"]["process"]: int(series["value"][1]) for series in found}


def _dashboard(stack: Compose) -> str:
    path = ["docker", "exec", stack.containers("grafana")[0]["Id"], "cat", "/run/secrets/grafana/admin_password"]
    password = subprocess.run(path, check=True, capture_output=True, text=True).stdout
    _until(
        lambda: _ask(stack, "grafana", "3000/api/dashboards/uid/punctual", password)["dashboard"]["title"], "Punctual"
    )
    return "the dashboard is in Grafana"


def _until(look: Callable[[], object], wanted: object) -> None:
    deadline, seen = time.monotonic() + SECONDS, None
    while time.monotonic() < deadline:
        try:
            if (seen := look()) == wanted:
                return
        except OSError as error:
            seen = error
        time.sleep(1)
    raise AssertionError(f"Wanted {wanted}, saw {seen}")


def _ask(stack: Compose, service: str, path: str, password: str = "") -> Any:
    networks = stack.containers(service)[0]["NetworkSettings"]["Networks"]
    address = next(network["IPAddress"] for name, network in networks.items() if name.endswith("_monitoring"))
    request = urllib.request.Request(f"http://{address}:{path}")
    if password:
        request.add_header("Authorization", "Basic " + base64.b64encode(f"admin:{password}".encode()).decode())
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own containers
        return json.load(answer)
