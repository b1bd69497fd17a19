"""How an event becomes notifications: all of its people in two round trips, however many they are."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from punctual.actors.notification import mailing, wording
from punctual.actors.notification.sending import wake
from punctual.domain.notification import KINDS, Recipient, concerned, facts_of, verdicts
from punctual.kit.listeners import Event
from punctual.kit.transactions import Transaction
from punctual.schemas import events
from punctual.storage.notification import notifications as storage
from punctual.storage.notification.notifications import Happening, Told


def tell(transaction: Transaction, event: Event) -> None:
    """Notify whom the event's payload names. A quiet event tells nobody."""
    tell_these(transaction, event, concerned(KINDS[event.name], event.payload, event.caller))


def tell_these(transaction: Transaction, event: Event, people: Iterable[UUID]) -> None:
    """Notify these people, but not who caused the event. A quiet event tells nobody."""
    user_ids = [user_id for user_id in people if user_id != event.caller]
    if event.quiet or not user_ids:
        return
    project_id = _id(event, "project_id")
    recipients, actor_name = storage.recipients(transaction, user_ids, event.caller, project_id, event.name)
    facts = {**facts_of(event.name, event.payload), "actor_name": actor_name}
    title = _titles(event, facts)
    told = [_told(transaction, event.name, each, title(each)) for each in recipients]
    happening = Happening(event.id, event.name, _id(event, "task_id"), project_id, event.caller, facts)
    storage.insert(transaction, happening, told)
    _announce(transaction, happening, told)


def tell_withheld(transaction: Transaction, user_id: UUID, project_id: UUID, event: Event) -> None:
    """Tell a new member what was withheld because this news of their membership came later than it happened."""
    for each in storage.withheld(transaction, user_id, project_id, event.occurred_at):
        [recipient], _ = storage.recipients(transaction, [user_id], None, project_id, each.happening.kind)
        told = _told(transaction, each.happening.kind, recipient, each.title)
        storage.release(transaction, each.id, told)
        _announce(transaction, each.happening, [told])


def _told(transaction: Transaction, kind: str, recipient: Recipient, title: str) -> Told:
    in_app, email = verdicts(KINDS[kind], recipient, transaction.now, mail=mailing.available())
    return Told(recipient.user_id, title, in_app, email)


def _announce(transaction: Transaction, happening: Happening, told: Sequence[Told]) -> None:
    """Wake the streams of those who have something new in their inbox, and the mail workers."""
    shown = [each for each in told if not each.hidden]
    if shown:
        payload = {
            "user_ids": [each.user_id for each in shown],
            "kind": happening.kind,
            "title": shown[0].title,
            "task_id": happening.task_id,
            "project_id": happening.project_id,
            "created_at": transaction.now,
        }
        transaction.publish(events.NOTIFICATION_CREATED, 1, payload)
    wake(transaction, sum(each.email.state == "queued" for each in told))


def _titles(event: Event, facts: dict[str, Any]) -> Callable[[Recipient], str]:
    # A thousand watchers share a few wordings: theirs differ by zone and by whether the event names them.
    named = frozenset(event.payload.get("user_ids", ()))

    @cache
    def word(zone: str, you: bool) -> str:  # noqa: FBT001 - a key of the cache
        return wording.title(event.name, facts, zone, you=you)

    return lambda recipient: word(recipient.time_zone, str(recipient.user_id) in named)


def _id(event: Event, name: str) -> UUID | None:
    value = event.payload.get(name)
    return UUID(value) if value else None
