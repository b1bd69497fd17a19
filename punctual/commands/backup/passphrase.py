"""The passphrase that a backup is sealed with, read from a file: a command line is seen by everybody."""

from pathlib import Path

from punctual.commands.backup.errors import Failed

SHORTEST = 16
MAKE = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


def read(path: Path) -> str:
    """The text of the file. Raises Failed."""
    try:
        text = path.read_text().strip()
    except (OSError, UnicodeError) as error:
        raise Failed(f"The passphrase can't be read from {path}: {error}. Make one: {MAKE} > {path}") from None
    if len(text) < SHORTEST:
        raise Failed(f"The passphrase in {path} needs at least {SHORTEST} characters. Make one: {MAKE} > {path}")
    return text
