"""What a check found, and how it is shown: one line each, without secrets."""

import enum
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

WIDTH = 26
_SECRET_NAMES = ("PASSWORD", "SECRET", "TOKEN", "PRIVATE")
_IN_URL = re.compile(r"(?<=://)([^/@\s:\[\]]*):[^/@\s]*@")
_HIDDEN = "…"
_SHORT = 3


class Level(enum.Enum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, why it is well or not, and what to do."""

    level: Level
    what: str
    why: str
    remedy: str = ""


def ok(what: str, why: str) -> Finding:
    return Finding(Level.OK, what, why)


def note(what: str, why: str, remedy: str = "") -> Finding:
    return Finding(Level.NOTE, what, why, remedy)


def fault(what: str, why: str, remedy: str) -> Finding:
    return Finding(Level.FAULT, what, why, remedy)


class Redactor:
    """Takes out of a text whatever the environment holds of secrets."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        secrets: set[str] = set()
        for name, value in environment.items():
            if name.startswith("PUNCTUAL_"):
                secrets |= _secrets(name, value)
        # Longest first, so that no secret leaves a rest because it contains another one.
        self._secrets = sorted((secret for secret in secrets if len(secret) > _SHORT), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        text = _IN_URL.sub(rf"\1:{_HIDDEN}@", text)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text


def line(finding: Finding) -> str:
    """`FAULT  what — why — what to do`."""
    parts = [finding.what.ljust(WIDTH), finding.why, finding.remedy]
    words = " — ".join(" ".join(part.split()) if index else part for index, part in enumerate(parts) if part)
    return f"{finding.level.value:<6} {words}"


def summary(findings: Iterable[Finding]) -> str:
    """How many of each, such as `12 checks: 10 ok, 1 note, 1 fault`."""
    levels = [finding.level for finding in findings]
    notes, faults = levels.count(Level.NOTE), levels.count(Level.FAULT)
    return (
        f"{len(levels)} checks: {levels.count(Level.OK)} ok, {notes} note{'s' * (notes != 1)},"
        f" {faults} fault{'s' * (faults != 1)}."
    )


def _secrets(name: str, value: str) -> set[str]:
    if any(word in name for word in _SECRET_NAMES):
        return {value}
    try:
        password = urlsplit(value).password or ""
    except ValueError:
        return set()
    return {password, unquote(password)}
