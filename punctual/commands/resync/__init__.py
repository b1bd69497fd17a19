"""`punctual resync <service>`: let an owner republish its state, to rebuild what the others know of it."""

import argparse
import asyncio
import logging
import sys

from punctual.kit import settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose state, and whether to wait for it."""
    parser.add_argument(
        "service", choices=settings.SERVICES, metavar="service", help="the owner of the state: auth, user or project"
    )
    parser.add_argument("--wait", action="store_true", help="wait until every listener has applied it, and count")
    parser.add_argument("--timeout", type=float, default=600, metavar="SECONDS", help="wait at most this long (600)")


def run(arguments: argparse.Namespace) -> int:
    """Ask for it; 1 when it can't be asked for or isn't done in time, 2 when there is nothing to ask for."""
    from punctual.commands.resync.request import Failed, Request, owners

    service: str = arguments.service
    if service not in owners():
        message = f"{service} owns nothing that others keep a copy of. Those that do: {', '.join(owners())}."
        print(f"punctual: {message}", file=sys.stderr)
        return 2
    # What went wrong is said once, in our words.
    logging.getLogger().addHandler(logging.NullHandler())
    request = Request(service)
    try:
        if arguments.wait:
            from punctual.commands.resync.waiting import wait

            asyncio.run(wait(request, arguments.timeout))
        else:
            request.send()
            print(f"{service} was asked to republish its state; its worker does so now. --wait tells when it is done.")
    except Failed as error:
        print(f"punctual: {error}", file=sys.stderr)
        return 1
    return 0
