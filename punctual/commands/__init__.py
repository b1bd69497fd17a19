"""The command line: one module per command, and the only room that may import every other."""

import argparse
import importlib
import os
import sys
import types
from collections.abc import MutableMapping, Sequence

from punctual import __version__
from punctual.kit.settings import SettingsError

COMMANDS = {
    "serve": "answer HTTP as the gateway or as one or several services",
    "work": "run the actors",
    "schedule": "send the scheduled actors their ticks",
    "migrate": "bring databases and the broker's topology up to date",
    "backup": "write all databases, as they were at one moment, into one sealed file",
    "restore": "bring back what a backup holds",
    "rotate-keys": "sign access tokens with a new key",
    "secrets": "make the passwords and keys that are missing, each readable by those who need it",
    "resync": "republish an owner's state to rebuild the replicas of the others",
    "dead-letters": "list, show, replay or discard messages that were given up",
    "doctor": "check every dependency and say what to do about each fault",
    "demo": "fill a believable organisation through the public API",
    "local": "run everything on this machine, private servers included",
    "mail-catcher": "catch e-mail instead of delivering it, and show it",
}

# What an operator types in a second terminal, beside a running local stack.
OF_OPERATORS = frozenset({"backup", "restore", "rotate-keys", "resync", "dead-letters", "doctor", "demo"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="punctual", description="What is due is never forgotten and never told twice."
    )
    parser.add_argument("--version", action="version", version=f"punctual {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        # Only the module that is asked for is imported: starting stays fast and light.
        if name in arguments[:1]:
            _module(name).add_arguments(subparser)
    parsed = parser.parse_args(arguments)
    if parsed.command in OF_OPERATORS:
        join_local_stack(os.environ)
    try:
        return int(_module(parsed.command).run(parsed))
    except SettingsError as error:
        print(f"punctual: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has read enough; what is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def join_local_stack(environment: MutableMapping[str, str]) -> None:
    """Take what isn't set from the variables that the local stack keeps in its folder."""
    from punctual.commands.local import saved_environment

    for name, value in saved_environment.load().items():
        environment.setdefault(name, value)


def _module(name: str) -> types.ModuleType:
    return importlib.import_module(f"punctual.commands.{name.replace('-', '_')}")
