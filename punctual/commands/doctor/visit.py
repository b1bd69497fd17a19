"""The visit: every check at once, each by itself, told in the same order each time."""

import logging
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from punctual.commands.doctor import configuration, databases, emails, mail, messages, rate_limits, scheduler, services
from punctual.commands.doctor.findings import Finding, Level, Redactor, fault, line, summary
from punctual.kit import settings
from punctual.kit.settings import SERVICES, Settings, SettingsError

Check = Callable[[Settings], list[Finding]]
CHECKS: dict[str, Check] = {
    "addresses": configuration.check,
    "time zones": configuration.check_zones,
    **{f"{service} database": partial(databases.check, service) for service in SERVICES},
    "RabbitMQ": messages.check,
    "scheduler": scheduler.check,
    "services": services.check,
    "SMTP": mail.check,
    "e-mails": emails.check,
    "rate limits": rate_limits.check,
}


def visit(checks: dict[str, Check] = CHECKS) -> int:
    """Check everything and print it; the exit status."""
    # A library's own warning would stand between the lines and say less than they do.
    logging.getLogger().addHandler(logging.NullHandler())
    redact = Redactor()
    findings: list[Finding] = []

    def tell(found: Sequence[Finding]) -> None:
        findings.extend(found)
        for finding in found:
            print(redact(line(finding)), flush=True)

    try:
        known = settings.current()
    except SettingsError as error:
        tell([fault("settings", str(error), "then run this again")])
        return 1
    tell(configuration.describe(os.environ))
    with ThreadPoolExecutor(len(checks), "doctor") as pool:
        for results in [pool.submit(_run, name, check, known) for name, check in checks.items()]:
            tell(results.result())
    print(f"\n{summary(findings)}")
    return int(any(finding.level is Level.FAULT for finding in findings))


def _run(name: str, check: Check, known: Settings) -> list[Finding]:
    try:
        return check(known)
    except Exception as error:  # noqa: BLE001 - a check that fails must not hide what the others found
        why = f"this check failed itself: {type(error).__name__}: {error}"
        return [fault(name, why, f"please report it, with Python {sys.version.split()[0]} and this output")]
