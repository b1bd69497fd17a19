"""Links that switch one kind of e-mail off, or all, for one person, signed instead of stored: each mail carries one."""

import hashlib
import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from punctual.domain.notification.kinds import KINDS
from punctual.kit.errors import NotFound

# Of a digest, in which there is more than one kind.
ALL_KINDS = "all"
_SIGNATURE_BYTES = 16
_NAMES_BYTES = 17  # the key's number and the person's id


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Whom a link spares which kind of e-mail, and the number of the key that its signature was made with."""

    user_id: UUID
    kind: str
    key: int
    signature: bytes

    @classmethod
    def signed(cls, user_id: UUID, kind: str, key: int, secret: bytes) -> "Unsubscription":
        """A new one."""
        return cls(user_id, kind, key, _signature(user_id, kind, key, secret))

    @classmethod
    def read(cls, token: str) -> "Unsubscription":
        """What a token says; whether it is good is another question. Raises NotFound."""
        try:
            raw = b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            names, rest = raw[:_NAMES_BYTES], raw[_NAMES_BYTES:]
            user_id, kind = UUID(bytes=names[1:]), rest[_SIGNATURE_BYTES:].decode("ascii")
        except ValueError:
            _refuse()
        if kind not in (*KINDS, ALL_KINDS):
            _refuse()
        return cls(user_id, kind, names[0], rest[:_SIGNATURE_BYTES])

    @property
    def token(self) -> str:
        """What stands in the mail; letters, digits, - and _."""
        raw = bytes([self.key]) + self.user_id.bytes + self.signature + self.kind.encode()
        return urlsafe_b64encode(raw).rstrip(b"=").decode()

    @property
    def proof(self) -> str:
        """What may travel in a message instead of the signature."""
        return hashlib.sha256(self.signature).hexdigest()


def demand_good(user_id: UUID, kind: str, key: int, proof: str, secret: bytes | None) -> None:
    """Raises NotFound unless the proof is that of a signature with this secret; None: there is no such key (now)."""
    if secret is None or not hmac.compare_digest(Unsubscription.signed(user_id, kind, key, secret).proof, proof):
        _refuse()


def _signature(user_id: UUID, kind: str, key: int, secret: bytes) -> bytes:
    said = bytes([key]) + user_id.bytes + kind.encode()
    return hmac.digest(secret, b"unsubscribe\0" + said, "sha256")[:_SIGNATURE_BYTES]


def _refuse() -> NoReturn:
    raise NotFound(
        "This link is no good; perhaps it was cut off. Your notification preferences say what comes by e-mail, too."
    )
