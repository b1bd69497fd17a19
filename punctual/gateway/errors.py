"""What the gateway itself answers: problems that carry the headers their status asks for."""

from collections.abc import Mapping
from typing import Any

from punctual.kit.errors import DomainError, TooLarge
from punctual.kit.reading import MAX_BODY_BYTES

RETRY_AFTER_SECONDS = 2


class GatewayError(DomainError):
    """A refusal of the gateway; `headers` go with the answer."""

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.headers = headers or {}


class NotSignedIn(GatewayError):
    """No token, or one that isn't good; WWW-Authenticate tells which."""

    status = 401
    code = "unauthenticated"


class MethodNotAllowed(GatewayError):
    """The address exists, but not for this method."""

    status = 405


class SlowRequest(GatewayError):
    """The client began a body and did not finish it."""

    status = 408
    code = "request_timeout"


class UnclearFraming(GatewayError):
    """Where the message ends could be read in several ways; the connection ends with the answer."""

    status = 400
    code = "bad_request"


class Encoded(GatewayError):
    """The body is compressed; its real size can't be judged at the door."""

    status = 415
    code = "unsupported_content_encoding"


class RateLimited(GatewayError):
    """Too often; Retry-After says when to come back."""

    status = 429
    code = "too_many_requests"


class ServiceFault(GatewayError):
    """A service did not do its part; `service` says which."""

    reason = ""

    def __init__(self, service: str, key: str | None) -> None:
        advice = "Try again shortly."
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        if key is not None:
            advice = "Repeat it with the same Idempotency-Key, so that it is done only once."
            headers["Idempotency-Key"] = key
        super().__init__(f"The {service} service {self.reason}. {advice}", headers, service=service)


class BadAnswer(ServiceFault):
    """The service broke off, or its answer isn't HTTP."""

    status = 502
    code = "service_broken"
    reason = "broke off before it had answered"


class ServiceAway(ServiceFault):
    """The service can't be reached."""

    status = 503
    code = "service_away"
    reason = "can't be reached right now"


class SlowAnswer(ServiceFault):
    """The service did not answer in time."""

    status = 504
    code = "service_slow"
    reason = "did not answer in time"


def too_large() -> TooLarge:
    """The error for a body over the limit."""
    return TooLarge(f"The body is over the limit of {MAX_BODY_BYTES} bytes.")
