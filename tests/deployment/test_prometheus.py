"""Alerts, dashboard and their documents know each other, and the metrics that there are."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.metrics_table import names, table

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deployment" / "prometheus"
ALERTS = (PROMETHEUS / "alerts.yml").read_text()
METRIC = re.compile(r"\bpunctual_[a-z_]+")
ALERT = re.compile(r"^ +- alert: (\w+)$", re.MULTILINE)


def promtool(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["promtool", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def queries() -> Iterator[str]:
    """All that the dashboard asks."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if "expr" in node:
                yield node["expr"]
            for child in node.values():
                yield from walk(child)
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)

    yield from walk(json.loads((ROOT / "deployment" / "grafana" / "dashboards" / "punctual.json").read_text()))


@pytest.mark.parametrize("rows", table().split("\n\n"), ids=["own", "state"])
def test_the_document_has_every_metric_as_the_code_declares_it(rows: str) -> None:
    documented = (ROOT / "docs" / "metrics.md").read_text()

    assert rows in documented, f"docs/metrics.md needs this table:\n{rows}"


@pytest.mark.parametrize("text", [ALERTS, "\n".join(queries())], ids=["alerts", "dashboard"])
def test_nothing_asks_for_a_metric_that_there_is_not(text: str) -> None:
    assert set(METRIC.findall(text)) <= names()


def test_every_metric_is_asked_for_by_an_alert_or_the_dashboard() -> None:
    asked = set(METRIC.findall(ALERTS)) | set(METRIC.findall("\n".join(queries())))
    told = {re.sub("_(bucket|sum|count)$", "", name) for name in names()}

    assert told <= {re.sub("_(bucket|sum|count)$", "", name) for name in asked}


def test_every_alert_has_its_section_in_the_runbook_and_no_section_is_left_over() -> None:
    sections = re.findall(r"^## (Punctual\w+)$", (ROOT / "docs" / "runbook.md").read_text(), re.MULTILINE)
    alerts = ALERT.findall(ALERTS)

    assert sorted(sections) == sorted(alerts)
    for alert in alerts:
        assert f"runbook: docs/runbook.md#{alert.lower()}\n" in ALERTS


def test_every_alert_is_seen_firing_in_a_unit_test() -> None:
    tested = (PROMETHEUS / "alerts_test.yml").read_text()
    fired = re.findall(r"alertname: (\w+)\n +eval_time: \w+\n +exp_alerts:\n", tested)

    assert set(ALERT.findall(ALERTS)) == set(fired)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is missing: apt-get install prometheus")
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "config", "prometheus.yml"],
        ["check", "config", "local.yml"],
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts_test.yml"],
    ],
    ids=" ".join,
)
def test_promtool_accepts_it(arguments: list[str]) -> None:
    done = promtool(*arguments, folder=PROMETHEUS)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is missing: apt-get install prometheus")
def test_what_the_dashboard_asks_is_promql(tmp_path: Path) -> None:
    rules = [
        {"record": f"dashboard:{number}", "expr": query.replace("$__rate_interval", "1m")}
        for number, query in enumerate(queries())
    ]
    # YAML knows JSON.
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))

    done = subprocess.run(
        ["promtool", "check", "rules", "rules.yml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
