"""The stack's log files: their ends, for messages, and their size."""

import os
import shutil
from pathlib import Path

LARGEST = 20 * 1024 * 1024


def keep_small(folder: Path) -> None:
    """Move what is in logs over `LARGEST` bytes to `<name>.log.1`, in place of what stood there.

    Whoever writes a log goes on at the end of the same file, so that is emptied and not replaced.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size > LARGEST:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


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
