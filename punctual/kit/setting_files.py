"""Settings that stand in files: `NAME_FILE` names the file that holds NAME, as orchestrators hand secrets over."""

from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path

FILE = "_FILE"
# These end like the name of a file with a setting in it, and are settings.
THEMSELVES = frozenset({"PUNCTUAL_HEARTBEAT_FILE"})


class SettingsError(Exception):
    """A variable of the environment is missing or wrong."""


def with_files(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The variables, with those whose files are named. Raises SettingsError."""
    named = {
        name.removesuffix(FILE): path
        for name, path in environment.items()
        if name.startswith("PUNCTUAL_") and name.endswith(FILE) and name not in THEMSELVES and path
    }
    if not named:
        return environment
    return ChainMap({name: _content(environment, name, path) for name, path in named.items()}, dict(environment))


def _content(environment: Mapping[str, str], name: str, path: str) -> str:
    if environment.get(name):
        raise SettingsError(f"{name} and {name}{FILE} are both set; unset one of them.")
    try:
        content = Path(path).read_text().strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it isn't text"
        raise SettingsError(
            f"{name}{FILE} names {path}, which can't be read ({why}). Put the value there, or set {name} itself."
        ) from None
    if not content:
        raise SettingsError(f"{name}{FILE} names {path}, which is empty. Put the value there, or set {name} itself.")
    return content
