"""Images of Punctual, built from a tree."""

import subprocess
from pathlib import Path

from tests.deployment.compose import ROOT

OFFLINE = any((ROOT / "deployment" / "wheels").glob("*.whl"))


def build(tree: Path, version: str) -> None:
    """The image of a tree; without the network where wheels are at hand. Raises AssertionError with what was said."""
    network = ["--network", "none"] if OFFLINE else []
    command = ["docker", "build", "--quiet", *network, "--tag", f"punctual:{version}"]
    done = subprocess.run(
        [*command, "--file", str(tree / "deployment" / "Dockerfile"), str(tree)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
