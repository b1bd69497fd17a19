"""`punctual local`: the whole system on this machine, with private servers, until Ctrl-C."""

import argparse
from contextlib import AbstractContextManager
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--directory",
        type=Path,
        default=Path(".local"),
        help="where data, logs and pid files live (default: .local)",
    )


def run(arguments: argparse.Namespace) -> int:
    from punctual.commands.local.command import run as run_in

    return run_in(arguments.directory)


def private_servers(
    directory: Path, *, postgres: bool = True, rabbitmq: bool = True
) -> AbstractContextManager[dict[str, str]]:
    """The servers without the rest, for tests: see `servers.private_servers`."""
    from punctual.commands.local import servers

    return servers.private_servers(directory, postgres=postgres, rabbitmq=rabbitmq)
