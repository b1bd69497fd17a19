"""The Kubernetes manifests, rendered by kubectl's own Kustomize."""

import functools
import json
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from tests.deployment.compose import ROOT

FOLDER = ROOT / "deployment" / "kubernetes"
OVERLAYS = ("small", "production")
# The first Kustomize that knows all that is used here came with this kubectl.
OLDEST = (1, 27)
Object = dict[str, Any]


@functools.cache
def rendered(overlay: str) -> tuple[Object, ...]:
    """Every object of an overlay. Skips where there is no kubectl to render it."""
    if not shutil.which("kubectl") or _version() < OLDEST:
        pytest.skip(f"kubectl {OLDEST[0]}.{OLDEST[1]} or newer renders the manifests")
    command = ["kubectl", "kustomize", str(FOLDER / "overlays" / overlay)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return tuple(yaml.safe_load_all(text))


def of(overlay: str, *kinds: str) -> dict[str, Object]:
    """The objects of these kinds by name."""
    return {item["metadata"]["name"]: item for item in rendered(overlay) if item["kind"] in kinds}


def pod(item: Object) -> Object:
    """The pod that a Deployment or a Job makes."""
    return item["spec"]["template"]


def container(item: Object) -> Object:
    """Its only container."""
    (only,) = pod(item)["spec"]["containers"]
    return only


def matches(selector: Object, labels: dict[str, str]) -> bool:
    """Whether a label selector chooses what has these labels."""
    wanted = selector.get("matchLabels", {})
    among = selector.get("matchExpressions", [])
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        labels.get(expression["key"]) in expression["values"] for expression in among
    )


def _version() -> tuple[int, int]:
    command = ["kubectl", "version", "--client", "--output", "json"]
    client = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["clientVersion"]
    return int(client["major"]), int(client["minor"].rstrip("+"))
