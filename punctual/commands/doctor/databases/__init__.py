"""One service's database: its three roles, its migrations, its clock, and what waits in it."""

from collections.abc import Iterator
from contextlib import ExitStack

from punctual.commands.connections import Refused, connect, variable
from punctual.commands.doctor.databases import contents, roles
from punctual.commands.doctor.findings import Finding, fault, note, ok
from punctual.commands.migrations import standing
from punctual.kit.settings import Settings

KINDS = ("writer", "reader", "owner")
OLDEST_VERSION = 14
SKEW_SECONDS = 2.0


def check(service: str, known: Settings) -> list[Finding]:
    """Everything about one database."""
    return list(_check(service, known))


def _check(service: str, known: Settings) -> Iterator[Finding]:
    what = f"{service} database"
    with ExitStack() as stack:
        connections, refusals = {}, []
        for kind in KINDS:
            url = getattr(known.databases[service], kind)
            try:
                connections[kind] = stack.enter_context(connect(url, variable(service, kind)))
            except Refused as refusal:
                refusals.append((kind, refusal))
        if refusals:
            yield from _refusals(what, refusals)
        if "owner" not in connections:
            return
        owner = connections["owner"]
        version = owner.server_version // 10_000
        if version < OLDEST_VERSION:
            why = f"PostgreSQL {version} is too old"
            yield fault(what, why, f"upgrade the server to {OLDEST_VERSION} or newer")
            return
        if skew := contents.skewed(owner, SKEW_SECONDS):
            why = f"its clock is {abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} this machine's"
            yield fault(what, why, "let both machines set their clocks by NTP: timedatectl set-ntp true")
        stands = standing(service, owner)
        if stands.unknown:
            why = f"it is newer than this program: {', '.join(stands.unknown)}"
            yield fault(what, why, "install the version of Punctual that migrated it, or a newer one")
        if missing := stands.missing:
            why = f"{len(missing)} migration{'s' * (len(missing) > 1)} missing: {', '.join(missing)}"
            yield fault(what, why, f"punctual migrate {service}")
            return
        faults = list(roles.check(service, what, connections))
        yield from faults
        if not refusals and not faults:
            yield _well(known, service, what, owner.server_version)
        yield from contents.waiting(service, connections.get("reader", owner))


def _refusals(what: str, refusals: list[tuple[str, Refused]]) -> Iterator[Finding]:
    """One line for each reason, not one for each role."""
    for reason in dict.fromkeys(refusal.reason for _, refusal in refusals):
        same = [(kind, refusal) for kind, refusal in refusals if refusal.reason == reason]
        kinds = ", ".join(kind for kind, _ in same)
        names = ", ".join(dict.fromkeys(refusal.variable for _, refusal in same))
        yield fault(what, f"as {kinds}: {reason}", same[0][1].remedy.format(variable=names))


def _well(known: Settings, service: str, what: str, version: int) -> Finding:
    urls = known.databases[service]
    text = f"PostgreSQL {version // 10_000}.{version % 10_000}, all migrations applied"
    if urls.writer in {urls.reader, urls.owner}:
        remedy = "give PUNCTUAL_DATABASE_READER_URL_… and …_OWNER_URL_… roles of their own"
        return note(what, f"{text}; one role serves for all, so a fault in a handler could write", remedy)
    return ok(what, f"{text}; writer, reader and owner may do what they must, and no more")
