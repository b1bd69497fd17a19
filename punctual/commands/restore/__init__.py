"""`punctual restore FILE`: the databases as a backup has them, ready to be started."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

THE_BACKUP = "backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What from, and what is known of the system that was lost."""
    parser.add_argument("path", type=Path, metavar="FILE", help="the archive that punctual backup made")
    parser.add_argument(
        "--passphrase-file", type=Path, required=True, metavar="FILE", help="the file that it was sealed with"
    )
    lost_at = (
        "until when the system that was backed up went on telling people: an instant such as 2026-11-22T14:00Z, or"
        f" '{THE_BACKUP}' if it did nothing after the backup (a move). What fell due by then isn't told again; what"
        " fell due since is told, late"
    )
    parser.add_argument("--lost-at", type=_instant, required=True, metavar="WHEN", help=lost_at)
    parser.add_argument("--replace", action="store_true", help="drop what is in the databases now")
    parser.add_argument("--keep-sessions", action="store_true", help="let people stay signed in (after a move)")


def run(arguments: argparse.Namespace) -> int:
    """Restore. 1 with a message when it can't be done; then nothing was changed, unless the message says so."""
    from punctual.commands.backup.errors import Failed
    from punctual.commands.restore.restoring import restore

    try:
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
    if text == THE_BACKUP:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is neither an instant such as 2026-11-22T14:00Z nor {THE_BACKUP!r}"
        raise argparse.ArgumentTypeError(message) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
