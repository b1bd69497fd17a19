"""The command around the filling: its password, its progress bar, its last words."""

import argparse
import asyncio
import os
import sys
from collections import Counter
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from tqdm import tqdm

from punctual.commands.demo.api import Api
from punctual.commands.demo.content import DOMAIN, ORGANISATION
from punctual.commands.demo.filling import Filling
from punctual.commands.demo.plan import Plan, make
from punctual.commands.demo.transport import DemoError, Person, Transport
from punctual.kit import settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
KNOWN_PASSWORD = "cargo bikes by the harbour"  # noqa: S105 - known to everybody, so it is for this machine only
KINDS = ("people", "projects", "tasks", "comments")


def perform(arguments: argparse.Namespace) -> int:
    """Fill the instance; the exit status."""
    url = arguments.url or settings.current().public_url
    plan = make(arguments.seed)
    try:
        password = _password(arguments.password, url)
        domain = arguments.domain or DOMAIN
        people = {draft.handle: Person(draft, draft.email(domain), password) for draft in plan.people}
        filling = asyncio.run(_fill(url, plan, people, max(1, arguments.parallel)))
    except DemoError as error:
        print(f"punctual: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; run it again to go on from here.", file=sys.stderr)
        return 130
    print(_report(filling.added, filling.found))
    print(_how_to_sign_in(url, list(people.values()), shown=password == KNOWN_PASSWORD))
    return 0


async def _fill(url: str, plan: Plan, people: dict[str, Person], parallel: int) -> Filling:
    async with aiohttp.ClientSession() as session:
        transport = Transport(session, url)
        await transport.reachable()
        with tqdm(total=plan.steps, desc=ORGANISATION, unit="", disable=None) as bar:
            filling = Filling(Api(transport, plan.seed), plan, people, parallel, bar.update)
            try:
                await filling.run()
            except ExceptionGroup as group:
                # Not except*: what is raised in there comes out as a group once more.
                faults, others = group.split(DemoError)
                if faults is None or others is not None:
                    raise
                raise _first(faults) from None
    return filling


def _first(group: ExceptionGroup[Any]) -> DemoError:
    error: Any = group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, DemoError)
    return error


def _password(given: str | None, url: str) -> str:
    password = given or os.environ.get("PUNCTUAL_DEMO_PASSWORD")
    if not password and urlsplit(url).hostname not in LOOPBACK:
        raise DemoError(
            f"{url} is not on this machine, and everybody knows the demo's usual password."
            " Choose one with PUNCTUAL_DEMO_PASSWORD or --password."
        )
    return password or KNOWN_PASSWORD


def _report(added: Counter[str], found: Counter[str]) -> str:
    if not added.total():
        return f"{ORGANISATION} is complete already: {_listed(found)}. Nothing was added."
    there = f" {_listed(found)} were there already." if found.total() else ""
    return f"{ORGANISATION}: added {_listed(added)}.{there}"


def _listed(counts: Counter[str]) -> str:
    parts = [f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _how_to_sign_in(url: str, people: list[Person], *, shown: bool) -> str:
    first, *others = people
    password = f'the password "{first.password}"' if shown else "the password you chose"
    typed = quote(first.password) if shown else "..."
    return "\n".join(
        [
            "",
            f"Sign in at {url} as {first.email} with {password}.",
            f"The others have the same one: {', '.join(person.email for person in others)}.",
            "",
            "A token for the API:",
            f"  curl -d 'grant_type=password&username={quote(first.email)}&password={typed}' {url}/api/v1/auth/token",
        ]
    )
