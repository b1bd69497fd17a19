"""The variables of a running stack, kept in its folder for commands from a second terminal."""

from collections.abc import Mapping
from pathlib import Path

from punctual.commands.local.directory import Directory, write_private
from punctual.commands.local.processes import DIRECTORY_MARK, NAME_MARK


def write(directory: Directory, environment: Mapping[str, str]) -> None:
    """Keep Punctual's own variables, one `NAME=value` a line, for the owner's eyes only."""
    names = sorted(name for name in environment if name.startswith("PUNCTUAL_"))
    lines = (f"{name}={environment[name]}\n" for name in names if name not in (DIRECTORY_MARK, NAME_MARK))
    write_private(directory.environment, "".join(lines))


def load(path: Path = Path(".local")) -> dict[str, str]:
    """The variables of the stack in this folder; none where there is none."""
    try:
        lines = (path / "environment").read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)
