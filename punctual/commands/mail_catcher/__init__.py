"""`punctual mail-catcher`: takes every e-mail for itself, keeps it as a file and shows it on a page."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

VARIABLE = "PUNCTUAL_MAIL_CATCHER_"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=os.environ.get(f"{VARIABLE}SMTP_PORT") or 8125)
    parser.add_argument("--http-port", type=int, default=os.environ.get(f"{VARIABLE}HTTP_PORT") or 8126)
    parser.add_argument("--directory", type=Path, default=os.environ.get(f"{VARIABLE}DIRECTORY") or Path(".local/mail"))


def run(arguments: argparse.Namespace) -> int:
    """Catch and show until SIGTERM or Ctrl-C."""
    from punctual.commands.mail_catcher.catcher import catch

    try:
        asyncio.run(catch(arguments.directory, arguments.host, arguments.smtp_port, arguments.http_port))
    except OSError as error:
        print(
            f"punctual: the mail catcher cannot start: {error.strerror or error}. {VARIABLE}SMTP_PORT and "
            f"{VARIABLE}HTTP_PORT must be free ports, {VARIABLE}DIRECTORY a folder it may write to.",
            file=sys.stderr,
        )
        return 1
    return 0
