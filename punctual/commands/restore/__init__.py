"""`punctual restore FILE`: the databases as a backup has them, ready to be started."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

THEN = "then"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What from, and what is known of the system that was lost."""
    parser.add_argument("path", type=Path, nargs="?", metavar="FILE", help="the archive that punctual backup made")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="the file that it was sealed with")
    recovered = "no archive: PostgreSQL has recovered the databases to a moment itself; only settle what follows"
    parser.add_argument("--recovered", action="store_true", help=recovered)
    lost_at = (
        "until when the system that was backed up went on telling people: an instant such as 2026-11-22T14:00Z, or"
        f" '{THEN}' if it did nothing after the moment that is restored (a move, a crash). What fell due by"
        " then isn't told again; what fell due since is told, late"
    )
    parser.add_argument("--lost-at", type=_instant, required=True, metavar="WHEN", help=lost_at)
    parser.add_argument("--replace", action="store_true", help="drop what is in the databases now")
    parser.add_argument("--keep-sessions", action="store_true", help="let people stay signed in (after a move)")


def run(arguments: argparse.Namespace) -> int:
    """Restore. 1 with a message when it can't be done; then nothing was changed, unless the message says so.

    2 when it isn't clear what from.
    """
    from punctual.commands.backup.errors import Failed
    from punctual.commands.restore.restoring import restore, settle

    if arguments.recovered == bool(arguments.path and arguments.passphrase_file):
        print("punctual: Give FILE with --passphrase-file, or --recovered without them.", file=sys.stderr)
        return 2
    try:
        if arguments.recovered:
            settle(arguments.lost_at, keep_sessions=arguments.keep_sessions)
            return 0
        restore(
            arguments.path,
            arguments.passphrase_file,
            arguments.lost_at,
            replace=arguments.replace,
            keep_sessions=arguments.keep_sessions,
        )
    except Failed as error:
        print(f"punctual: {error}", file=sys.stderr)
        return 1
    return 0


def _instant(text: str) -> datetime | None:
    if text == THEN:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is neither an instant such as 2026-11-22T14:00Z nor {THEN!r}"
        raise argparse.ArgumentTypeError(message) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
