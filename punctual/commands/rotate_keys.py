"""`punctual rotate-keys`: a new signing key before its time; where one was seen by others, in place of all."""

import argparse
import sys

import psycopg2

from punctual.actors.auth import keys
from punctual.kit import wire
from punctual.kit.dead_letters import opened


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether the keys that there are may still be trusted."""
    text = "a key was seen by others: the new one signs at once, and what the others have signed is void"
    parser.add_argument("--compromised", action="store_true", help=text)


def run(arguments: argparse.Namespace) -> int:
    """Make it; 1 when the database can't be reached."""
    try:
        with opened("auth") as transaction:
            key = keys.replace(transaction) if arguments.compromised else keys.add(transaction)
    except psycopg2.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        print(
            f"punctual: The database of auth can't be reached ({said}); check PUNCTUAL_DATABASE_URL_AUTH.",
            file=sys.stderr,
        )
        return 1
    print(f"Key {key.id} signs from {wire.instant(key.signs_from)}.")
    if arguments.compromised:
        print("All others are gone. Restart the gateway and the services now: they remember keys for minutes.")
    return 0
