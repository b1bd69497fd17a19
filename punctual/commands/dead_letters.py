"""`punctual dead-letters list|show|replay|discard`: messages that were given up, of every service."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import psycopg2

from punctual.kit import dead_letters, settings, wire
from punctual.kit.errors import NotFound

LISTED = 1_000
Act = Callable[[Any, UUID], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which letters."""
    parser.add_argument(
        "action", choices=["list", "show", "replay", "discard"], help="replay sends it once more, as new"
    )
    parser.add_argument("id", nargs="?", type=UUID, help="which dead letter (show, replay, discard)")
    parser.add_argument("--all", action="store_true", help="every dead letter (replay, discard)")
    parser.add_argument("--service", choices=settings.SERVICES, help="only of this service (default: any)")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 1 when there is no such letter or a database can't be reached, 2 when it isn't clear what to do."""
    services = [arguments.service] if arguments.service else list(settings.SERVICES)
    if fault := _fault(arguments):
        return _complain(fault, 2)
    try:
        if arguments.action == "list":
            return _list(services)
        if arguments.action == "show":
            return _show(services, arguments.id)
        act, done = _ACTIONS[arguments.action]
        count = _one(services, arguments.id, act) if arguments.id else _all(services, act)
    except psycopg2.OperationalError as error:
        return _complain(f"A database can't be reached; check PUNCTUAL_DATABASE_URL_<SERVICE>.\n{error}", 1)
    if arguments.id and not count:
        return _complain(f"There is no dead letter {arguments.id}.", 1)
    print(f"{count} dead letter{'' if count == 1 else 's'} {done}.")
    return 0


def _fault(arguments: argparse.Namespace) -> str | None:
    if arguments.action == "list":
        return "list takes no id." if arguments.id or arguments.all else None
    if arguments.action == "show":
        return None if arguments.id and not arguments.all else "show takes the id of one dead letter; list names them."
    if bool(arguments.id) == arguments.all:
        return f"{arguments.action} takes either the id of one dead letter or --all."
    return None


def _list(services: Iterable[str]) -> int:
    rows = [("SERVICE", "ID", "DIED", "TRIES", "ACTOR", "ERROR")]
    for service in services:
        with dead_letters.opened(service) as transaction:
            rows += [
                (
                    service,
                    str(letter["id"]),
                    wire.instant(letter["died_at"]),
                    str(letter["attempts"]),
                    letter["actor"] or f"? (in {letter['queue']})",
                    letter["error"].strip().splitlines()[-1],
                )
                for letter in dead_letters.listing(transaction, LISTED)
            ]
    if len(rows) == 1:
        print("No dead letters.")
        return 0
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _show(services: Iterable[str], letter_id: UUID) -> int:
    for service in services:
        try:
            with dead_letters.opened(service) as transaction:
                letter = dead_letters.show(transaction, letter_id)
        except NotFound:
            continue
        print(json.dumps(wire.loads(wire.dumps({"service": service, **letter})), indent=2, ensure_ascii=False))
        return 0
    return _complain(f"There is no dead letter {letter_id}.", 1)


def _one(services: Iterable[str], letter_id: UUID, act: Act) -> int:
    for service in services:
        try:
            with dead_letters.opened(service) as transaction:
                act(transaction, letter_id)
        except NotFound:
            continue
        return 1
    return 0


def _all(services: Iterable[str], act: Act) -> int:
    count = 0
    for service in services:
        more = True
        while more:
            with dead_letters.opened(service) as transaction:
                letters = dead_letters.listing(transaction)
                for letter in letters:
                    act(transaction, letter["id"])
            count += len(letters)
            more = bool(letters)
    return count


def _complain(message: str, status: int) -> int:
    print(f"punctual: {message}", file=sys.stderr)
    return status


_ACTIONS = {"replay": (dead_letters.replay, "sent once more"), "discard": (dead_letters.discard, "discarded")}
