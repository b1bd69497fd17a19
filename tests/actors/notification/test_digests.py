"""A digest is one mail of what is still unread when its time has come."""

import asyncio
from datetime import timedelta
from typing import Any

from punctual.actors.notification import digests, holding, resending
from punctual.domain.notification import KINDS
from punctual.kit.mail import MemoryMailer, TemporaryMailFailure
from punctual.schemas import events
from tests.actors.notification.scene import a_reminder, a_task, a_team, happened, told
from tests.actors.notification.smtp import Server
from tests.actors.notification.test_quiet_hours import around_now
from tests.http.notification.test_preferences import PATH, item
from tests.support.services import Person, Services, eventually
from tests.support.team import Team, execute, membership, now, rows

DAILY = {"every": "day", "at": "08:00"}
State = tuple[str, str | None]


async def choose(person: Person, *items: dict[str, Any], **timing: Any) -> None:
    answer = await person.request("notification", "PUT", PATH, {"items": list(items), **timing})
    assert answer.status == 200, answer


async def commented(services: Services, crew: Team, number: int = 1, to: str = "member", **fields: Any) -> Any:
    """The owner says something on a task that somebody is assigned to; the event's id."""
    task = {
        **events.TASK_COMMENTED.example, **a_task(crew), "key": f"{crew.key}-{number}", "title": f"Task {number}",
        "assignees": [crew.people[to].id], **fields,
    }  # fmt: skip
    return await happened(services, events.TASK_COMMENTED, task, caller=crew.owner.id)


def mails_of(person: Person) -> list[State]:
    """State and reason of all e-mails to a person, oldest first."""
    found = rows(
        "notification",
        "SELECT state, reason FROM delivery JOIN notification ON notification.id = notification_id"
        " WHERE user_id = %s AND channel = 'email' ORDER BY position",
        (person.id,),
    )
    return [(row["state"], row["reason"]) for row in found]


async def settled(person: Person, *states: State) -> None:
    async def check() -> bool:
        return mails_of(person) == list(states)

    try:
        await eventually(check)
    except AssertionError:
        assert mails_of(person) == list(states)


def let_it_be_time(*people: Person) -> None:
    """What time would do: what is held is due."""
    execute(
        "notification",
        "UPDATE delivery SET next_attempt_at = %s FROM notification WHERE notification.id = notification_id"
        " AND user_id = ANY(%s) AND state = 'held' AND next_attempt_at IS NOT NULL",
        (now() - timedelta(seconds=1), [person.id for person in people]),
    )


def digests_of(person: Person) -> list[dict[str, Any]]:
    return rows("notification", "SELECT * FROM digest WHERE user_id = %s ORDER BY id", (person.id,))


async def read(person: Person, number: int) -> None:
    notification = told(person)[number]["id"]
    answer = await person.request("notification", "PUT", f"/api/v1/notifications/{notification}/reading")
    assert answer.status == 200


async def refused_once(services: Services, mails: MemoryMailer) -> Team:
    """A team with a digest for its member that is tried again."""
    crew = await a_team(services)
    await choose(crew.member, digest=DAILY)
    await commented(services, crew)
    mails.failure = TemporaryMailFailure("wait")
    let_it_be_time(crew.member)
    holding.release.send()
    await settled(crew.member, TRIED_AGAIN)
    mails.failure = None
    return crew


def try_again(person: Person) -> None:
    """What time would do: the next attempt is due."""
    execute("notification", "UPDATE digest SET next_attempt_at = %s WHERE user_id = %s",
            (now() - timedelta(seconds=10), person.id))  # fmt: skip
    resending.resend.send()


SENT: State = ("sent", "in a digest")
TRIED_AGAIN: State = ("held", "in a digest that is tried again: wait")
READ: State = ("suppressed", "read before the digest")


async def test_what_waits_says_for_which_digest_and_reminders_come_at_once(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    await choose(crew.member, digest=DAILY)

    await commented(services, crew)
    await happened(services, events.TASK_DUE, a_reminder(crew, crew.member))

    await settled(crew.member, ("held", "in the digest at 08:00"), ("sent", None))
    assert [str(mail["Subject"]).startswith("1 notification") for mail in mails.sent] == [False]


async def test_one_mail_tells_all_that_is_unread_by_project_and_task(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    await choose(crew.member, digest=DAILY)
    for number in (1, 2, 1, 3):
        await commented(services, crew, number)
    await read(crew.member, 3)

    let_it_be_time(crew.member)
    holding.release.send()
    await settled(crew.member, SENT, SENT, SENT, READ)

    [message] = mails.sent
    [digest] = digests_of(crew.member)
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert message["Subject"] == "3 notifications that you haven't read: Operations"
    assert message["Message-ID"] == f"<{digest['id']}@localhost>"
    assert message["To"].startswith("Member <member.")
    assert f"Operations ({crew.key})" in text
    assert text.count(f"/tasks/{crew.key}-1\n") == 1
    assert text.count("    - ") == 3
    assert f"{crew.key}-3" not in text
    assert (digest["state"], digest["attempts"]) == ("sent", 1)


async def test_when_all_was_read_there_is_no_mail(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    await choose(crew.member, digest=DAILY)
    for number in (1, 2):
        await commented(services, crew, number)
        await read(crew.member, number - 1)

    let_it_be_time(crew.member)
    holding.release.send()
    await settled(crew.member, READ, READ)

    async def done() -> bool:
        return [row["state"] for row in digests_of(crew.member)] == ["suppressed"]

    await eventually(done)
    assert mails.sent == []


async def test_one_alone_is_a_digest_too_and_what_comes_later_waits_for_the_next(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    await choose(crew.member, digest=DAILY)
    await commented(services, crew)

    let_it_be_time(crew.member)
    holding.release.send()
    await settled(crew.member, SENT)
    await commented(services, crew)

    assert mails_of(crew.member) == [SENT, ("held", "in the digest at 08:00")]
    assert [mail["Subject"] for mail in mails.sent] == ["1 notification that you haven't read: Operations"]


async def test_reminders_wait_with_the_rest_for_who_chose_so(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    await choose(crew.member, digest={**DAILY, "reminders": True})

    await happened(services, events.TASK_DUE, a_reminder(crew, crew.member))

    assert mails_of(crew.member) == [("held", "in the digest at 08:00")]


async def test_what_may_not_be_told_any_more_is_left_out(services: Services, mails: MemoryMailer) -> None:
    crew, other = await a_team(services), await a_team(services)
    member = membership(other.project_id, other.key, crew.member, "member")
    await happened(services, events.PROJECT_MEMBER_ADDED, member, version=7, quiet=True)
    await choose(crew.member, digest=DAILY)
    await commented(services, crew)
    await commented(services, other, assignees=[crew.member.id], text="Between us")
    await happened(services, events.TASK_ASSIGNED, a_task(crew, user_ids=[crew.member.id]), caller=crew.owner.id)
    lost = membership(other.project_id, other.key, crew.member, None)
    await happened(services, events.PROJECT_MEMBER_REMOVED, lost, version=9, quiet=True)
    await choose(crew.member, item("task.assigned", email=False))

    let_it_be_time(crew.member)
    holding.release.send()
    await settled(crew.member, SENT, ("suppressed", "lost access"), ("suppressed", "muted"))

    [message] = mails.sent
    assert other.key not in message.as_string()


async def test_a_server_that_is_busy_gets_the_same_digest_again_under_the_same_id(
    services: Services, smtp: Server
) -> None:
    crew = await a_team(services)
    await choose(crew.member, digest=DAILY)
    for number in (1, 2):
        await commented(services, crew, number)
    smtp.data = "421 Too busy"

    let_it_be_time(crew.member)
    holding.release.send()
    waits: State = ("held", "in a digest that is tried again: SMTP 421 Too busy")
    await settled(crew.member, waits, waits)
    smtp.data = None
    holding.release.send()
    try_again(crew.member)
    await settled(crew.member, SENT, SENT)

    [digest] = digests_of(crew.member)
    assert [message["Message-ID"] for message in smtp.got] == [f"<{digest['id']}@localhost>"]
    assert digest["attempts"] == 2


async def test_a_digest_that_is_tried_again_in_quiet_hours_waits_for_their_end(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await refused_once(services, mails)

    quiet = around_now()
    await choose(crew.member, quiet_hours=quiet)
    try_again(crew.member)
    await settled(crew.member, ("held", f"in a digest that is tried again: quiet hours until {quiet['to']}"))
    [waiting] = digests_of(crew.member)
    execute("notification", "UPDATE mail_schedule SET quiet_days = '{}' WHERE user_id = %s", (crew.member.id,))
    try_again(crew.member)
    await settled(crew.member, SENT)

    assert timedelta() < waiting["next_attempt_at"] - now() <= timedelta(hours=1)
    assert len(mails.sent) == 1


async def test_a_server_that_refuses_for_good_settles_all_in_it(services: Services, smtp: Server) -> None:
    crew = await a_team(services)
    await choose(crew.member, digest=DAILY)
    for number in (1, 2):
        await commented(services, crew, number)
    smtp.rcpt = "550 no such mailbox"

    let_it_be_time(crew.member)
    holding.release.send()

    await settled(crew.member, *[("failed", "SMTP 550 no such mailbox")] * 2)


async def test_a_digest_whose_worker_died_goes_when_its_lease_ends_and_not_before(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await refused_once(services, mails)
    lease = "UPDATE digest SET state = 'sending', next_attempt_at = %s WHERE user_id = %s"

    execute("notification", lease, (now() + timedelta(minutes=4), crew.member.id))
    digests.deliver_digests.send()
    await asyncio.sleep(0.3)
    leased = len(mails.sent)
    execute("notification", lease, (now() - timedelta(seconds=10), crew.member.id))
    resending.resend.send()
    await settled(crew.member, SENT)

    assert (leased, len(mails.sent)) == (0, 1)


async def test_however_many_ticks_come_each_person_gets_one_digest(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    people = [crew.member, crew.admin, crew.viewer]
    for person in people:
        await choose(person, digest=DAILY)
    for number in (1, 2):
        await commented(services, crew, number, assignees=[person.id for person in people])

    let_it_be_time(*people)
    for _ in range(6):
        holding.release.send()
    for person in people:
        await settled(person, SENT, SENT)
    holding.release.send()
    await asyncio.sleep(0.2)

    assert len(mails.sent) == len({message["To"] for message in mails.sent}) == len(people)


async def test_several_e_mails_of_one_night_come_as_one_and_a_single_one_as_itself(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await a_team(services)
    for person in (crew.member, crew.admin):
        await choose(person, quiet_hours=around_now())
    for number in (1, 2):
        await commented(services, crew, number)
    await commented(services, crew, 3, to="admin")

    execute("notification", "UPDATE mail_schedule SET quiet_days = '{}' WHERE user_id = ANY(%s)",
            ([crew.member.id, crew.admin.id],))  # fmt: skip
    let_it_be_time(crew.member, crew.admin)
    holding.release.send()
    await settled(crew.member, SENT, SENT)
    await settled(crew.admin, ("sent", None))

    subjects = {str(message["To"]).split(" ", 1)[0]: message["Subject"] for message in mails.sent}
    assert len(mails.sent) == 2
    assert subjects["Member"] == "2 notifications that you haven't read: Operations"
    assert f"[{crew.key}-3]" in subjects["Admin"]


async def test_who_wants_them_at_once_again_gets_what_waited_but_not_what_is_being_sent(
    services: Services, mails: MemoryMailer
) -> None:
    crew = await refused_once(services, mails)
    await commented(services, crew, 2)

    await choose(crew.member, digest=None)
    await settled(crew.member, TRIED_AGAIN, ("sent", None))

    assert len(mails.sent) == 1


async def test_one_click_in_a_digest_ends_all_e_mails(services: Services, mails: MemoryMailer) -> None:
    crew = await a_team(services)
    await choose(crew.member, digest=DAILY)
    await commented(services, crew)
    let_it_be_time(crew.member)
    holding.release.send()
    await settled(crew.member, SENT)
    address = mails.sent[0]["List-Unsubscribe"].strip("<>")
    url = await services.url("notification") + address[address.index("/api/v1/") :]

    async with services.client.get(url) as before, services.client.post(url) as response:
        answers = [await before.json(), await response.json()]
    async with services.client.get(url) as after:
        answers.append(await after.json())

    found = await crew.member.request("notification", "GET", PATH)
    assert answers == [{"kind": "all", "email": email} for email in (True, False, False)]
    assert [row["email"] for row in found.body["items"]] == [False] * len(KINDS)
    assert all(row["in_app"] for row in found.body["items"])
