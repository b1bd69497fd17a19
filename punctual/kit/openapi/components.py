"""What every service's OpenAPI document has in common: headers, problems, well-known parts of paths and queries."""

from http import HTTPStatus
from typing import Any

from punctual.kit import ids

TEXT = {"type": "string"}
_KEY = "[A-Z][A-Z0-9]{1,9}"
PARTS: dict[str, dict[str, Any]] = {
    "project": {
        "schema": {"type": "string", "pattern": f"^({_KEY}|{ids.WRITTEN})$"},
        "description": "A project's id or key, be it a former one.",
        "example": "OPS",
    },
    "task": {
        "schema": {"type": "string", "pattern": f"^({_KEY}-[1-9][0-9]{{0,8}}|{ids.WRITTEN})$"},
        "description": "A task's id or key, also with a former key of its project.",
        "example": "OPS-12",
    },
    "token": {
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,200}$"},
        "description": "The token from the e-mail.",
    },
}
ID: dict[str, Any] = {"schema": {"type": "string", "format": "uuid"}}
HEADERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
        "description": "Names this request: a repeat with the same key is answered again, not done again.",
        "example": "6f0c1e1a-paging",
    },
    "Prefer": {
        "name": "Prefer",
        "schema": {"type": "string", "pattern": r"^[\t -~]*$"},
        "description": "wait=N: how many seconds to wait for the outcome (5; at most 30) before 202;"
        " respond-async: not at all.",
        "example": "wait=20",
    },
    "IfMatch": {
        "name": "If-Match",
        "schema": {"type": "string", "format": "etag", "pattern": r'^(\*|(W/)?"[0-9]{1,18}")$'},
        "description": "The ETag of the version that this is about; 412 if it isn't the present one, or is weak.",
        "example": '"1"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "schema": {"type": "string", "pattern": r"^[\t -~]*$"},
        "description": "ETags of earlier answers; 304 while one of them is still the same.",
        "example": '"0cc175b9c0f1b6a831c399e269772661"',
    },
}
PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["title", "status", "code", "detail", "request_id"],
    "properties": {
        "title": TEXT,
        "status": {"type": "integer"},
        "code": {**TEXT, "description": "Which rule it was, for programs."},
        "detail": {**TEXT, "description": "What to do about it, for people."},
        "request_id": {"type": ["string", "null"], "description": "Where to find it in the logs."},
        "errors": {"type": "object", "description": "Messages by field, for invalid input."},
        "current": {"type": "object", "description": "With 412: the present state."},
    },
}
OAUTH_ERROR = {
    "type": "object",
    "description": "What went wrong, as OAuth 2 says it (RFC 6749, section 5.2), and as every other problem.",
    "required": ["error", *PROBLEM["required"]],
    "properties": {"error": TEXT, "error_description": TEXT, **PROBLEM["properties"]},  # type: ignore[dict-item]
}
PENDING = {
    "type": "object",
    "description": "A change that was accepted; its outcome is at the Location.",
    "required": ["id", "state"],
    "properties": {"id": {"type": "string", "format": "uuid"}, "state": {"const": "pending"}},
}
ETAG = {"schema": {"type": "string", "pattern": '^"[0-9]+"$'}, "description": "The version, for If-Match."}
TAG = {"schema": {"type": "string", "pattern": '^"[0-9a-f]+"$'}, "description": "For If-None-Match."}
_RETRY_AFTER = {"schema": {"type": "integer", "minimum": 0}, "description": "When to come back, in seconds."}
_CHALLENGE = {"schema": TEXT, "description": "How to sign in."}
_REASONS = {
    400: "The request can't be read: a malformed header, address or body.",
    401: "No access token, or one that isn't good any more.",
    403: "May be seen, not be done.",
    404: "Doesn't exist, or may not be seen.",
    408: "The body didn't arrive in time.",
    409: "Against a rule, as things are now; the code says which.",
    412: "If-Match names an older version; the present state comes along.",
    413: "The body is over the limit.",
    415: "The body is of another media type, or compressed.",
    422: "Fields are invalid; errors names them.",
    429: "Too often; Retry-After says when to come back.",
    431: "The address or a header is too long.",
}
_HEADERS: dict[int, dict[str, Any]] = {401: {"WWW-Authenticate": _CHALLENGE}, 429: {"Retry-After": _RETRY_AFTER}}


def refusal(status: int) -> str:
    """The name of the response component of a status."""
    return HTTPStatus(status).name.title().replace("_", "")


def _problem(description: str, **more: Any) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content, **more}


RESPONSES: dict[str, dict[str, Any]] = {
    "Fault": _problem("A part is gone for the moment, or broken; with 503 nothing was accepted."),
    "OAuthError": {
        "description": "Refused, as OAuth 2 says it.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/OAuthError"}}},
    },
    "Accepted": {
        "description": "Accepted; the outcome isn't known yet.",
        "headers": {"Location": {"required": True, "schema": TEXT, "description": "Where to ask for the outcome."}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pending"}}},
    },
    **{
        refusal(status): _problem(reason, **({"headers": _HEADERS[status]} if status in _HEADERS else {}))
        for status, reason in _REASONS.items()
    },
}
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}

QUERY = {
    "limit": "How many items at most.",
    "cursor": "The next_cursor of the page before.",
    "sort": "The order; the first page and those after it must agree.",
    "q": "Words to look for.",
}
