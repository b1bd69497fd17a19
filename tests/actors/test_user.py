"""What the user service's commands and listeners decide, against a real database."""

from typing import Any
from uuid import UUID

import pytest

from punctual.actors.user import accounts, administration, profiles, resync
from punctual.kit import ids, transactions, wire
from punctual.kit.errors import NotReplicated
from punctual.kit.outcomes import Caller
from punctual.kit.transactions import Outgoing
from punctual.schemas import events
from tests.support.accounts import execute, rows

pytestmark = pytest.mark.usefixtures("environment")


def decided(actor: Any, caller: UUID | None = None, **arguments: Any) -> list[Outgoing]:
    """What a command would send."""
    with transactions.begin("user", Caller(caller)) as transaction:
        actor.fn.__wrapped__(transaction, **arguments)
        sent, transaction.outgoing = transaction.outgoing, []
    return sent


def hear(user_id: UUID, version: int = 1, **account: str) -> None:
    """Let the service hear of an account."""
    payload = {**events.USER_CREATED.example, "user_id": str(user_id), **account}
    envelope = {"id": str(ids.uuid7()), "occurred_at": "2026-11-22T10:00:00Z", "caller": None, "quiet": False}
    accounts.user_created(event={**envelope, "name": "user.created", "version": version, "payload": payload})


def known(role: str = "user") -> UUID:
    user_id = ids.uuid7()
    hear(user_id, role=role, email=f"{user_id}@example.org")
    return user_id


def told(sent: list[Outgoing]) -> tuple[str, int, dict[str, Any]]:
    """The one event that was sent, its payload accepted by its schema."""
    (item,) = sent
    event = wire.loads(item.body)
    return event["name"], event["version"], events.CATALOGUE[event["name"]].payload().load(event["payload"])


@pytest.fixture
def admin() -> UUID:
    """The only administrator."""
    execute("UPDATE profile SET role = 'user'", service="user")
    return known("admin")


def test_an_account_that_is_told_again_changes_nothing() -> None:
    ada = known()
    decided(profiles.update, ada, changes={"display_name": "Countess"})

    hear(ada, display_name="Ada")

    assert rows("SELECT display_name, version FROM profile WHERE id = %s", (ada,), "user") == [
        {"display_name": "Countess", "version": 2}
    ]


def test_a_change_is_told_with_the_whole_profile_and_no_change_isn_t() -> None:
    ada = known()

    first = decided(profiles.update, ada, changes={"locale": "de", "time_zone": "Europe/Berlin"})
    second = decided(profiles.update, ada, changes={"locale": "de"})

    name, version, payload = told(first)
    assert (name, version) == ("user.updated", 2)
    assert payload["user_id"] == ada
    assert (payload["locale"], payload["time_zone"], payload["active"]) == ("de", "Europe/Berlin", True)
    assert second == []


def test_a_profile_that_isn_t_here_may_still_come() -> None:
    with pytest.raises(NotReplicated):
        decided(profiles.update, ids.uuid7(), changes={})


def test_each_decision_of_an_administrator_has_its_event(admin: UUID) -> None:
    bob = known()

    promoted = told(decided(administration.set_role, admin, user_id=bob, role="admin"))
    deactivated = told(decided(administration.set_active, admin, user_id=bob, active=False))
    reactivated = told(decided(administration.set_active, admin, user_id=bob, active=True))

    assert [(name, version) for name, version, _ in (promoted, deactivated, reactivated)] == [
        ("user.role_changed", 2),
        ("user.deactivated", 3),
        ("user.updated", 4),
    ]
    assert [payload["active"] for _, _, payload in (promoted, deactivated, reactivated)] == [True, False, True]
    assert promoted[2]["role"] == "admin"


def test_a_resync_tells_of_every_profile_quietly() -> None:
    ada = known()

    sent = decided(resync.resync, after=UUID(int=ada.int - 1))

    name, version, payload = told(sent[:1])
    assert (name, version, payload["user_id"]) == ("user.updated", 1, ada)
    assert wire.loads(sent[0].body)["quiet"]
