"""The ends of log files, for messages."""

from pathlib import Path


def tail(log: Path, lines: int = 12, since: int = 0) -> str:
    """The last lines written after this many bytes, indented."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(since, size - 16_384))
            content = file.read().decode(errors="replace")
    except OSError:
        content = ""
    return "\n".join(f"    {line}" for line in content.splitlines()[-lines:]) or "    (it is empty)"
