"""`punctual backup FILE`: all databases as they were at one moment, sealed with a passphrase, in one file."""

import argparse
import sys
from pathlib import Path

WINDOW_SECONDS = 90.0
INCOMPLETE = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and sealed with what."""
    parser.add_argument("path", type=Path, metavar="FILE", help="the archive to make, or a folder for it")
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        required=True,
        metavar="FILE",
        help="a file whose text the archive is sealed with",
    )
    window = (
        f"how long workers have to finish what they had taken up (default: {WINDOW_SECONDS:g}); what is published"
        " meanwhile is published once more after a restore"
    )
    parser.add_argument("--window", type=float, default=WINDOW_SECONDS, metavar="SECONDS", help=window)


def run(arguments: argparse.Namespace) -> int:
    """Make it. 1 when it can't be made, 3 when it is made, but messages that RabbitMQ held may be missing."""
    import psycopg2

    from punctual.commands.backup.errors import Failed
    from punctual.commands.backup.making import make

    try:
        silent = make(arguments.path, arguments.passphrase_file, arguments.window)
    except Failed as error:
        print(f"punctual: {error}", file=sys.stderr)
        return 1
    except (OSError, psycopg2.Error) as error:
        print(f"punctual: The backup was broken off, and nothing of it is left: {error}", file=sys.stderr)
        return 1
    if silent:
        print(
            f"punctual: No worker answered for {', '.join(silent)}. What RabbitMQ holds there from before this backup"
            " isn't in it. Start the workers (punctual doctor tells which) and make another.",
            file=sys.stderr,
        )
    return INCOMPLETE if silent else 0
