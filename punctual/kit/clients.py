"""The dashboard as a client of auth: a secret that both derive from PUNCTUAL_SESSION_KEY proves who it is."""

import hashlib
import hmac

from punctual.kit import settings

DASHBOARD = "dashboard"


def secret() -> str | None:
    """The dashboard's client_secret; None in a process that hasn't the key."""
    key = settings.current().session_key
    return hmac.new(key.encode(), b"punctual dashboard client", hashlib.sha256).hexdigest() if key else None


def is_dashboard(client_id: str | None, client_secret: str | None) -> bool:
    """Whether this is proved."""
    known = secret()
    return client_id == DASHBOARD and known is not None and hmac.compare_digest(known, client_secret or "")
