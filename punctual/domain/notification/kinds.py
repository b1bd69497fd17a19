"""The kinds of notifications, one per event that tells somebody something: whom it concerns, and by which channels."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """`concerns` picks people from the payload; `email` is the default, in the inbox everything shows by default.

    `about_access`: tells of access that ended, so it reaches people who have none any more.
    `prompt`: who wants a digest wants this at once all the same, unless they say otherwise.
    """

    name: str
    concerns: Callable[[Payload], Iterable[str]]
    email: bool = False
    about_access: bool = False
    prompt: bool = False


def _named(payload: Payload) -> Iterable[str]:
    named: Iterable[str] = payload.get("user_ids", ())
    return named


def _followers(payload: Payload) -> Iterable[str]:
    return [*payload["assignees"], *payload["watchers"]]


def _followers_and_named(payload: Payload) -> Iterable[str]:
    return [*_named(payload), *_followers(payload)]


def _followers_but_named(payload: Payload) -> Iterable[str]:
    # Whom the comment mentions is told so by the more precise task.mentioned.
    named = set(_named(payload))
    return [user_id for user_id in _followers(payload) if user_id not in named]


def _watchers_but_assignees(payload: Payload) -> Iterable[str]:
    # The assignees of a new task are told by task.assigned.
    assignees = set(payload["assignees"])
    return [user_id for user_id in payload["watchers"] if user_id not in assignees]


def _person(payload: Payload) -> Iterable[str]:
    return (payload["user_id"],)


def _found_elsewhere(_payload: Payload) -> Iterable[str]:
    return ()


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("task.assigned", _named, email=True),
        Kind("task.unassigned", _followers_and_named),
        Kind("task.mentioned", _named, email=True),
        Kind("task.commented", _followers_but_named, email=True),
        Kind("task.created", _watchers_but_assignees),
        Kind("task.updated", _followers),
        Kind("task.status_changed", _followers),
        Kind("task.completed", _followers),
        Kind("task.reopened", _followers),
        Kind("task.due_changed", _followers, email=True),
        Kind("task.deleted", _followers),
        Kind("task.due_soon", _person, email=True, prompt=True),
        Kind("task.due", _person, email=True, prompt=True),
        Kind("task.overdue", _person, email=True, prompt=True),
        Kind("task.reminders_missed", _person, email=True, prompt=True),
        Kind("project.member_added", _person, email=True),
        Kind("project.member_role_changed", _person),
        Kind("project.member_removed", _person, email=True, about_access=True),
        Kind("project.archived", _found_elsewhere),
        Kind("project.deleted", _found_elsewhere),
        # The invitation itself, with its secret, comes by e-mail anyway.
        Kind("project.invited", _found_elsewhere, about_access=True),
        Kind("operation.failed", _person, email=True),
        # Told to who caused it, which no other kind is.
        Kind("notification.tested", _found_elsewhere, email=True, prompt=True),
    )
}


def concerned(kind: Kind, payload: Payload, caller: UUID | None) -> list[UUID]:
    """Whom an event concerns, each once, never the one who caused it."""
    people = dict.fromkeys(UUID(user_id) for user_id in kind.concerns(payload))
    return [user_id for user_id in people if user_id != caller]
