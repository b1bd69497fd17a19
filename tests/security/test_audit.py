"""The audit of dependencies, with a fake of the program that asks for vulnerabilities."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flows.stack import ROOT

LOCK = "# made by a machine\naiohttp==3.0.0 \\\n    --hash=sha256:00\n    # via punctual\njinja2==3.0.0 \\\n"
FAKE = """
import json, sys
from pathlib import Path
names = [line.partition("==")[0] for line in Path(sys.argv[sys.argv.index("--requirement") + 1]).read_text().split()]
service = sys.argv[sys.argv.index("--vulnerability-service") + 1]
known = json.loads(%r)
if service not in known:
    raise SystemExit("no connection")
print(json.dumps({"dependencies": [{"name": name, "version": "3.0.0", **known[service].get(name, {"vulns": []})}
                                   for name in names]}))
"""
UNKNOWN = {"skip_reason": "not found"}
FAULT = {"vulns": [{"id": "CVE-1", "fix_versions": ["3.0.1"]}]}


@pytest.mark.parametrize(
    ("services", "code", "said"),
    [
        ({}, 0, "SKIPPED"),
        ({"pypi": {"aiohttp": UNKNOWN, "jinja2": UNKNOWN}}, 0, "SKIPPED"),
        ({"pypi": {}}, 0, "2 of 2 dependencies looked up at PyPI, 0 vulnerable"),
        ({"pypi": {"jinja2": UNKNOWN}}, 0, "1 of 2"),
        ({"pypi": {"jinja2": FAULT}}, 1, "jinja2 3.0.0: CVE-1, mended in 3.0.1"),
        ({"osv": {"jinja2": FAULT}}, 1, "looked up at OSV, 1 vulnerable"),
    ],
)
def test_the_audit_tells_what_was_looked_up_and_fails_for_what_is_vulnerable(
    tmp_path: Path, services: dict[str, Any], code: int, said: str
) -> None:
    (tmp_path / "pip_audit").mkdir()
    (tmp_path / "pip_audit" / "__init__.py").touch()
    (tmp_path / "pip_audit" / "__main__.py").write_text(FAKE % json.dumps(services))
    (tmp_path / "lock").write_text(LOCK)

    answer = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "audit"), str(tmp_path / "lock")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert answer.returncode == code, answer
    assert said in answer.stdout + answer.stderr
