"""What `punctual local` does: check the ground, hold the folder, and run the stack in it."""

import contextlib
import os
import platform
from collections.abc import Callable, Mapping
from pathlib import Path

from punctual.commands.local import lineup
from punctual.commands.local.console import complain
from punctual.commands.local.directory import Directory
from punctual.commands.local.errors import LocalError
from punctual.commands.local.interruption import Interruption
from punctual.commands.local.processes import Command
from punctual.commands.local.stack import Stack
from punctual.kit import settings


def run(
    path: Path,
    commands: Callable[[Mapping[str, str]], lineup.Tiers] = lineup.commands,
    migration: Callable[[Mapping[str, str]], Command] = lineup.migration,
) -> int:
    """Run the whole system in this folder until somebody stops it. The exit status."""
    if platform.system() != "Linux":
        complain("The local stack needs Linux. Elsewhere use: docker compose up")
        return 1
    _take_long_turns()
    try:
        settings.load(os.environ)
        directory = Directory.open(path)
        with directory.lock(), Interruption() as interruption:
            return Stack(directory, interruption).run(commands, migration)
    except (LocalError, settings.SettingsError) as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(
            f"{error.filename or path}: {error.strerror or error}. Free what is in the way, or try another --directory."
        )
        return 1


def _take_long_turns() -> None:
    # Everything of the stack shares a few cores. Without this each message wakes its reader at once, in the place of
    # whoever was at work; with it a reader finds several messages at its turn. All children inherit it.
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
