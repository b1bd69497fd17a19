"""How events become notifications: all people of all events at hand in two round trips."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from punctual.actors.notification import mailing, wording
from punctual.actors.notification.sending import wake
from punctual.domain.notification import KINDS, Recipient, concerned, facts_of, verdicts
from punctual.kit.listeners import Event
from punctual.kit.transactions import Transaction
from punctual.schemas import events as catalogue
from punctual.storage.notification import telling as storage, withheld
from punctual.storage.notification.telling import Addressed, Happening, Told


def tell_all(transaction: Transaction, events: Sequence[Event]) -> None:
    """Notify whom the payload of each event names. Quiet events tell nobody."""
    _tell(transaction, [(event, concerned(KINDS[event.name], event.payload, event.caller)) for event in events])


def tell(transaction: Transaction, event: Event) -> None:
    """Notify whom one event's payload names."""
    tell_all(transaction, [event])


def tell_these(transaction: Transaction, event: Event, people: Iterable[UUID]) -> None:
    """Notify these people of an event, but not who caused it."""
    tell_all_of(transaction, event, [user_id for user_id in people if user_id != event.caller])


def tell_all_of(transaction: Transaction, event: Event, people: Sequence[UUID]) -> None:
    """Notify these people of an event, whoever caused it."""
    _tell(transaction, [(event, people)])


def tell_withheld(transaction: Transaction, user_id: UUID, project_id: UUID, event: Event) -> None:
    """Tell a new member what was withheld because this news of their membership came later than it happened."""
    for each in withheld.withheld(transaction, user_id, project_id, event.occurred_at):
        kind = each.happening.kind
        [([recipient], _)] = storage.recipients(transaction, [Addressed(kind, project_id, [user_id], None)])
        told = _told(transaction, kind, recipient, each.title)
        withheld.release(transaction, each.id, told)
        _announce(transaction, [(each.happening, [told])])


def _tell(transaction: Transaction, addressed: Iterable[tuple[Event, Sequence[UUID]]]) -> None:
    heard = [(event, user_ids) for event, user_ids in addressed if user_ids and not event.quiet]
    if not heard:
        return
    found = storage.recipients(
        transaction,
        [Addressed(event.name, _id(event, "project_id"), user_ids, event.caller) for event, user_ids in heard],
    )
    happenings = [
        _happening(transaction, event, recipients, actor_name)
        for (event, _), (recipients, actor_name) in zip(heard, found, strict=True)
    ]
    storage.insert(transaction, happenings)
    _announce(transaction, happenings)


def _happening(
    transaction: Transaction, event: Event, recipients: Sequence[Recipient], actor_name: str | None
) -> tuple[Happening, list[Told]]:
    facts = {**facts_of(event.name, event.payload), "actor_name": actor_name}
    title = _titles(event, facts)
    told = [_told(transaction, event.name, each, title(each)) for each in recipients]
    task_id, project_id = _id(event, "task_id"), _id(event, "project_id")
    happening = Happening(
        event.id, event.name, task_id, project_id, event.caller, facts, event.request_id, event.traceparent
    )
    return happening, told


def _told(transaction: Transaction, kind: str, recipient: Recipient, title: str) -> Told:
    in_app, email = verdicts(KINDS[kind], recipient, transaction.now, mail=mailing.available())
    return Told(recipient.user_id, title, in_app, email)


def _announce(transaction: Transaction, happenings: Iterable[tuple[Happening, Sequence[Told]]]) -> None:
    """Wake the streams of those who have something new in their inbox, and the mail workers."""
    told = [each for _, people in happenings for each in people]
    shown = {each.user_id for each in told if not each.hidden}
    if shown:
        transaction.publish(catalogue.NOTIFICATION_CREATED, 1, {"user_ids": sorted(shown)})
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
