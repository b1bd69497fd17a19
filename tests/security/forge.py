"""Access tokens that auth never issued: with its own keys, or with others."""

import base64
import json
import time
from typing import Any
from uuid import uuid4

from joserfc.jwk import OKPKey

from tests.flows.stack import Stack

ALGORITHM = "Ed25519"


def signing_key(stack: Stack) -> OKPKey:
    """The key that auth signs with at present, private half and all."""
    [(key_id, seed)] = stack.sql(
        "auth", "SELECT id, seed FROM signing_key WHERE signs_from <= now() ORDER BY signs_from DESC LIMIT 1"
    )
    return key_of(key_id, seed)


def key_of(key_id: object, seed: bytes) -> OKPKey:
    """A key of auth's as its table has it."""
    return OKPKey.import_key(OKPKey.binding.from_private_bytes("Ed25519", bytes(seed)), {"kid": str(key_id)})


def stranger(kid: str) -> OKPKey:
    """A key of one's own that claims to be another."""
    return OKPKey.generate_key("Ed25519", {"kid": kid})


def forged(key: OKPKey, good: str, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A good token's claims and header, changed (None: left out), signed with this key."""
    head = _without_nones({"typ": "JWT", "alg": ALGORITHM, "kid": key.kid, **(header or {})})
    text = f"{packed(head)}.{packed(_without_nones({**claims_of(good), **claims}))}"
    return f"{text}.{packed(key.private_key.sign(text.encode()))}"


def expired(key: OKPKey, good: str) -> str:
    """A token that was good an hour ago."""
    now = int(time.time())
    return forged(key, good, iat=now - 4200, exp=now - 3600, jti=str(uuid4()))


def claims_of(token: str) -> dict[str, Any]:
    """What a token says."""
    claims: dict[str, Any] = json.loads(unpacked(token.split(".")[1]))
    return claims


def header_of(token: str) -> dict[str, Any]:
    """How a token says that it is signed."""
    header: dict[str, Any] = json.loads(unpacked(token.split(".", maxsplit=1)[0]))
    return header


def packed(part: dict[str, Any] | bytes) -> str:
    """A part of a token."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _without_nones(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def unpacked(part: str) -> bytes:
    """What a part of a token holds."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
