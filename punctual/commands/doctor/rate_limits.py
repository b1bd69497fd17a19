"""Where the gateway counts requests."""

from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from punctual.commands.doctor.findings import Finding, fault, note, ok
from punctual.kit.settings import Settings

SECONDS = 3


def check(known: Settings) -> list[Finding]:
    """Whether limits are on and, where several gateways share the counts, Redis answers."""
    what = "rate limits"
    if not known.rate_limit:
        return [note(what, "they are off: passwords can be guessed quickly", "set PUNCTUAL_RATE_LIMIT=on")]
    if known.rate_limit_storage.startswith("memory"):
        return [ok(what, "on; each gateway process counts for itself")]
    try:
        storage = storage_from_string(known.rate_limit_storage, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
        reachable = storage.check()
    except ConfigurationError as error:
        return [fault(what, str(error), "install Redis's client: pip install 'punctual[redis]'")]
    if not reachable:
        remedy = "start Redis, or correct PUNCTUAL_RATE_LIMIT_STORAGE; until then each gateway counts for itself"
        return [fault(what, "Redis doesn't answer", remedy)]
    return [ok(what, "on; counted in Redis")]
