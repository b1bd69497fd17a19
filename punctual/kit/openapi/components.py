"""What every service's OpenAPI document has in common: headers, problems, well-known parts of paths and queries."""

from typing import Any

PARTS: dict[str, dict[str, Any]] = {
    "project": {"schema": {"type": "string"}, "description": "A project's id or key.", "example": "OPS"},
    "task": {"schema": {"type": "string"}, "description": "A task's id or key.", "example": "OPS-12"},
    "token": {"schema": {"type": "string"}, "description": "The token from the e-mail."},
}
ID: dict[str, Any] = {"schema": {"type": "string", "format": "uuid"}}
HEADERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": "Names this request: a repeat with the same key is answered again, not done again.",
    },
    "Prefer": {
        "name": "Prefer",
        "schema": {"type": "string"},
        "description": "wait=N: how many seconds to wait for the outcome (5; at most 30) before 202;"
        " respond-async: not at all.",
    },
    "IfMatch": {
        "name": "If-Match",
        "schema": {"type": "string"},
        "description": "The ETag of the version that this is about; 412 if there is a newer one.",
    },
}
TEXT = {"type": "string"}
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
    },
}
PENDING = {
    "type": "object",
    "description": "A change that was accepted; its outcome is at the Location.",
    "required": ["id", "state"],
    "properties": {"id": {"type": "string", "format": "uuid"}, "state": {"const": "pending"}},
}
RESPONSES: dict[str, dict[str, Any]] = {
    "Problem": {
        "description": "Not done; the problem says why.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
    "Accepted": {
        "description": "Accepted; the outcome isn't known yet.",
        "headers": {"Location": {"schema": TEXT, "description": "Where to ask for the outcome."}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pending"}}},
    },
}
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}

QUERY = {
    "limit": "How many items at most.",
    "cursor": "The next_cursor of the page before.",
    "sort": "The order; the first page and those after it must agree.",
    "q": "Words to look for.",
}
