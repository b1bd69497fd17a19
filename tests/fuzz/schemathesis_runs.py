"""Schemathesis in several processes, each with some of the operations.

Much of the time goes in waiting: an order for a project that isn't known is refused only after two seconds, in case the
news of the project is on its way. Its threads would wait together, too, but Python 3.11 parses code in one thread only.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.flows.client import PASSWORD, ApiClient
from tests.fuzz.scene import Scene

HOOKS = Path(__file__).with_name("hooks.py")
SEED = 20261122
ENDLESS = ("get_notifications_stream", "get_projects_project_stream")
CONFIG = """
hooks = "{hooks}"
warnings = false
request-timeout = 40
continue-on-failure = true
checks.max_response_time = 30
# The usual ones, and two that only this API's limits give.
checks.negative_data_rejection.expected-statuses = [
    400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, 431, "5xx",
]

[dictionaries]
{dictionaries}

[parameters]
"path.project" = {{ dictionary = "projects", probability = 0.8 }}
"path.task" = {{ dictionary = "tasks", probability = 0.8 }}
"path.user_id" = {{ dictionary = "people", probability = 0.8 }}

{operations}
"""
KINDS = ("projects", "tasks", "people", "statuses", "comments")
PARTS = (("/users/{id}", "people"), ("/statuses/{id}", "statuses"), ("/comments/{id}", "comments"))


class Runs:
    """What Schemathesis is asked in one folder, signed in as somebody, and what was answered."""

    def __init__(self, scene: Scene, folder: Path, client: ApiClient | None = None) -> None:
        self._client, self._folder = client or scene.admin, folder
        self._started: list[tuple[str, subprocess.Popen[bytes]]] = []
        (folder / "schemathesis.toml").write_text(_config(scene))

    def operations(self) -> list[str]:
        """The ids of all operations that end."""
        paths = self._client.get("/api/openapi.json")["paths"]
        every = (operation["operationId"] for operations in paths.values() for operation in operations.values())
        return [name for name in every if name not in ENDLESS]

    def start(self, examples: int, phases: str, operations: Sequence[str] = ()) -> None:
        """Begin with some of the operations (none: with all)."""
        name, url = f"run-{len(self._started)}", self._client.url
        known = {
            "FUZZ_URL": url,
            "FUZZ_EMAIL": self._client.email,
            "FUZZ_PASSWORD": PASSWORD,
            "FUZZ_USER_ID": self._client.id,
            "FUZZ_ANSWERS": str(self._folder / f"{name}.json"),
        }
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [
                    Path(sys.executable).with_name("schemathesis"),
                    "--no-color", "--config-file", self._folder / "schemathesis.toml",
                    "run", f"{url}/api/openapi.json", "--url", url, "--checks", "all", "--phases", phases,
                    "--max-examples", str(examples), "--seed", str(SEED), "--workers", "1",
                    *(f"--include-operation-id={operation}" for operation in operations),
                ],
                env={**os.environ, **known}, cwd=self._folder, stdout=log, stderr=log,
            )  # fmt: skip
        self._started.append((name, process))

    def wait(self) -> Counter[str]:
        """How often each operation gave each status, all runs together. Fails as one of them fails."""
        codes = {name: process.wait() for name, process in self._started}
        failed = [self._told(name) for name, code in codes.items() if code]
        assert not failed, "\n".join(failed)
        counts: Counter[str] = Counter()
        for name in codes:
            counts.update(json.loads((self._folder / f"{name}.json").read_text()))
        # Among what was tried is to end all other sessions.
        self._client.sign_in()
        return counts

    def _told(self, name: str) -> str:
        said = (self._folder / f"{name}.log").read_text(errors="replace")
        return "\n".join(line[:400] for line in said.splitlines() if line.strip())


def _config(scene: Scene) -> str:
    """What stands in the scene comes up often in paths."""
    dictionaries = "\n".join(f"{kind}.values = {json.dumps(getattr(scene, kind))}" for kind in KINDS)
    # Streams without an end; the tests of their handlers look at what they say.
    disabled = [f'[[operations]]\ninclude-operation-id = "{name}"\nenabled = false' for name in ENDLESS]
    operations = "\n".join(
        f'[[operations]]\ninclude-path-regex = ".*{part}.*"\n[operations.parameters]\n'
        f'"path.id" = {{ dictionary = "{kind}", probability = 0.8 }}'
        for part, kind in PARTS
    )
    return CONFIG.format(hooks=HOOKS, dictionaries=dictionaries, operations="\n".join([*disabled, operations]))
