"""The settings themselves: where they come from, typing errors, the public address, time zones."""

import difflib
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import punctual
from punctual.commands.doctor.findings import Finding, fault, note, ok
from punctual.commands.local import saved_environment
from punctual.kit import settings
from punctual.kit.setting_files import FILE
from punctual.kit.settings import Settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
OF_COMMANDS = frozenset({"PUNCTUAL_WORKERS", "PUNCTUAL_SCHEDULERS", "PUNCTUAL_DEMO_PASSWORD"})
OF_LOCAL_STACK = ("PUNCTUAL_MAIL_CATCHER_", "PUNCTUAL_LOCAL_")
SAMPLE_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
FEWEST_ZONES = 300


class _Asked(Mapping[str, str]):
    """An empty environment that remembers which variables were asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def describe(environment: Mapping[str, str]) -> list[Finding]:
    """Which program this is, where its settings come from, and which variables nobody reads."""
    own = {name for name in environment if name.startswith("PUNCTUAL_")}
    saved = saved_environment.load()
    local = bool(saved) and all(environment.get(name) == value for name, value in saved.items())
    source = "of the local stack (.local/environment)" if local else f"from {len(own)} variables of the environment"
    program = f"Punctual {punctual.__version__} on Python {platform.python_version()}"
    return [ok("settings", f"{program}, settings {source}"), *_unread(own)]


def check(known: Settings) -> list[Finding]:
    """Whether people can follow the links in e-mails, and safely."""
    what, variable = "public address", "PUNCTUAL_PUBLIC_URL"
    url = urlsplit(known.public_url)
    if not url.hostname or url.username or url.password or url.query or url.fragment:
        why = f"{variable} is more, or less, than scheme, host and port"
        return [fault(what, why, f"set {variable} to the address people open, such as https://tasks.example.org")]
    if url.hostname in LOOPBACK:
        return [_loopback(known, what, url.port or (443 if url.scheme == "https" else 80))]
    if url.scheme == "http":
        why = f"{known.public_url} is not encrypted: passwords and tokens can be read on the way"
        return [note(what, why, f"let a proxy speak TLS in front of the gateway, and set {variable} to https://…")]
    return [ok(what, known.public_url)]


def check_zones(_known: Settings) -> list[Finding]:
    """Whether deadlines can be reckoned in everybody's zone."""
    try:
        for name in SAMPLE_ZONES:
            ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        return [fault("time zones", f"there is no zone {error.args[0]}", "install tzdata: pip install tzdata")]
    count = len(available_timezones())
    if count < FEWEST_ZONES:
        return [fault("time zones", f"only {count} zones are known", "install tzdata: pip install tzdata")]
    try:
        data = f", tzdata {version('tzdata')}"
    except PackageNotFoundError:
        data = ""
    return [ok("time zones", f"{count} zones{data}")]


def _loopback(known: Settings, what: str, port: int) -> Finding:
    remedy = "set PUNCTUAL_PUBLIC_URL to the address people open"
    if known.host not in LOOPBACK:
        why = f"links in e-mails lead everybody to their own machine ({known.public_url})"
        return note(what, why, remedy)
    if port != known.port:
        why = f"{known.public_url}, but the gateway listens on port {known.port}"
        return note(what, why, f"unless a proxy stands between them, {remedy}")
    return ok(what, f"{known.public_url}, for this machine only")


def _unread(own: set[str]) -> list[Finding]:
    asked = _Asked()
    settings.load(asked)
    read = asked.names | OF_COMMANDS
    findings = []
    for name in sorted(own - read):
        if name.removesuffix(FILE) in read:
            continue
        if name.startswith(OF_LOCAL_STACK):
            continue
        similar = difflib.get_close_matches(name, read, 1, 0.8)
        hint = f"perhaps {similar[0]} is meant" if similar else "unset it, or see docs/operations.md for the names"
        findings.append(note("settings", f"nobody reads {name}", hint))
    return findings
