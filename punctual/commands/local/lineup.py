"""What runs: the processes of the local stack, in the order in which they start."""

import sys
from collections.abc import Mapping
from dataclasses import replace

from punctual.commands.local.errors import LocalError
from punctual.commands.local.processes import Command
from punctual.kit.settings import BEHIND_THE_GATEWAY

Tiers = list[list[Command]]


def commands(environment: Mapping[str, str]) -> Tiers:
    """Tiers that start in this order and stop in the reverse: the door opens last and closes first."""
    workers = _number(environment, "PUNCTUAL_WORKERS")
    schedulers = _number(environment, "PUNCTUAL_SCHEDULERS")
    single = schedulers == 1
    return [
        [_behind(_punctual("mail-catcher", environment, "mail-catcher"))] if catches_mail(environment) else [],
        [
            *(_punctual(f"worker-{number}", environment, "work") for number in range(1, workers + 1)),
            _behind(_punctual("mail-worker", environment, "work", "--queues", "mail")),
        ],
        [
            _punctual("services", environment, "serve", *BEHIND_THE_GATEWAY),
            *(
                _punctual("scheduler" if single else f"scheduler-{number}", environment, "schedule")
                for number in range(1, schedulers + 1)
            ),
        ],
        [_punctual("gateway", environment, "serve", "gateway")],
    ]


def migration(environment: Mapping[str, str]) -> Command:
    """What brings databases and queues up to date before anything uses them."""
    return _punctual("migrate", environment, "migrate")


def check(environment: Mapping[str, str]) -> None:
    """Raises LocalError when a number of processes makes no sense."""
    commands(environment)


def catches_mail(environment: Mapping[str, str]) -> bool:
    """Whether mail goes to our own catcher and not to the user's server."""
    return "PUNCTUAL_MAIL_CATCHER_HTTP_PORT" in environment


def _punctual(name: str, environment: Mapping[str, str], *arguments: str) -> Command:
    return Command(name, [sys.executable, "-m", "punctual", *arguments], environment)


def _behind(command: Command) -> Command:
    """One that leaves the cores to the others: mail may be late by a moment, an answer may not."""
    return replace(command, arguments=["nice", "-n", "10", *command.arguments])


def _number(environment: Mapping[str, str], name: str) -> int:
    text = environment.get(name) or "1"
    if not text.isdecimal() or not 1 <= int(text) <= 50:
        raise LocalError(f"{name} must be a whole number from 1 to 50; it is {text!r}. Change it or unset it.")
    return int(text)
