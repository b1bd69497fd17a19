"""What the tests of the notification service look at: who was told what, and by which channels."""

from typing import Any
from uuid import UUID

from punctual.actors.notification import mailing
from punctual.kit import ids
from punctual.schemas import events
from punctual.schemas.events import EventType
from tests.support.services import Person, Services, eventually
from tests.support.team import Team, applied, execute, rows, team

SERVICE = "notification"


async def a_team(services: Services, **zones: str) -> Team:
    """A project with its people, known to the notification service, their inboxes empty."""
    with mailing.using(None):
        crew = await team(services, SERVICE, **zones)
    execute(SERVICE, "DELETE FROM notification WHERE project_id = %s", (crew.project_id,))
    return crew


def a_task(crew: Team, **fields: Any) -> dict[str, Any]:
    """The payload of a task's event, in the team's project."""
    return {
        **events.TASK_CREATED.example,
        "task_id": ids.uuid7(),
        "project_id": crew.project_id,
        "key": f"{crew.key}-1",
        "assignees": [],
        "watchers": [],
        **fields,
    }


def a_reminder(crew: Team, person: Person, **fields: Any) -> dict[str, Any]:
    """The payload of a reminder for somebody of the team."""
    return {
        **events.TASK_DUE.example,
        "user_id": person.id,
        "task_id": ids.uuid7(),
        "project_id": crew.project_id,
        "key": f"{crew.key}-1",
        **fields,
    }


async def happened(
    services: Services, event: EventType, payload: dict[str, Any], version: int = 1, **sent: Any
) -> UUID:
    """Publish an event and wait until the service has applied it."""
    event_id = await services.publish(event, payload, version, **sent)
    await applied(SERVICE, [event_id])
    return event_id


async def passed(services: Services, event: EventType, payload: dict[str, Any], **sent: Any) -> None:
    """Publish an event that should change nothing, and wait until later ones were applied."""
    await services.publish(event, payload, **sent)
    strangers = [{**events.USER_UPDATED.example, "user_id": ids.uuid7()} for _ in range(8)]
    await applied(SERVICE, [await services.publish(events.USER_UPDATED, stranger) for stranger in strangers])


def told(person: Person, event_id: UUID | None = None) -> list[dict[str, Any]]:
    """The notifications of a person, hidden ones too, in the order in which streams see them."""
    return rows(
        SERVICE,
        "SELECT * FROM notification WHERE user_id = %s AND (%s::uuid IS NULL OR event_id = %s) ORDER BY position",
        (person.id, event_id, event_id),
    )


def inbox(person: Person) -> list[str]:
    """The titles of what a person sees."""
    return [row["title"] for row in told(person) if not row["hidden"]]


def deliveries(person: Person) -> dict[str, tuple[str, str | None]]:
    """State and reason by channel of a person's only notification."""
    found = rows(
        SERVICE,
        "SELECT channel, state, reason FROM delivery JOIN notification ON notification.id = notification_id"
        " WHERE user_id = %s",
        (person.id,),
    )
    assert len(found) == 2, found
    return {row["channel"]: (row["state"], row["reason"]) for row in found}


async def settled(person: Person, *states: str) -> tuple[str, str | None]:
    """State and reason of the e-mail of a person's only notification, once it is in one of these states."""

    async def check() -> tuple[str, str | None] | None:
        found = deliveries(person)["email"]
        return found if found[0] in states else None

    return await eventually(check)
