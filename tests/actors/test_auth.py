"""What the auth service's commands, listeners and jobs decide, against a real database, time passed in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from punctual.actors.auth import accounts, forgetting, guesses, keys, letters, people, resync, sessions
from punctual.actors.auth.posting import token_hash
from punctual.domain.auth.accounts import InvalidGrant, PasswordChanged
from punctual.domain.auth.guesses import FREE
from punctual.domain.auth.keys import KEY_LIFE, PUBLISHED_AFTER, PUBLISHED_BEFORE
from punctual.domain.auth.sessions import GRACE, PATIENCE, SESSION_LIFE
from punctual.kit import ids, transactions, wire
from punctual.kit.errors import NotFound, TooManyRequests, Unavailable
from punctual.kit.listeners import Event
from punctual.kit.outcomes import Caller
from punctual.kit.transactions import Outgoing
from punctual.schemas import events
from tests.support.accounts import an_email, decide, execute, rows

NOW = datetime.now(UTC).replace(microsecond=0)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("environment")


def registered(email: str = "", now: datetime = NOW) -> tuple[UUID, list[Outgoing]]:
    account_id = ids.uuid7()
    _, sent = decide(
        accounts.register, now=now, account_id=account_id, email=email or an_email(), password_hash="hash",
        display_name="Ada", time_zone="UTC",
    )  # fmt: skip
    return account_id, sent


def signed_in(account_id: UUID, token: str, now: datetime = NOW) -> UUID:
    outcome, _ = decide(
        sessions.open_session, now=now, asked_at=now, account_id=account_id, password_version=1, subject="subject",
        token_hash=token, device="curl", address="::1",
    )  # fmt: skip
    return UUID(str(outcome.body["session_id"]))


def rotated(token: str, successor: str, now: datetime) -> tuple[str, list[str]]:
    outcome, sent = decide(sessions.rotate, now=now, asked_at=now, token_hash=token, successor_hash=successor)
    return outcome.state, names(sent)


def names(sent: list[Outgoing]) -> list[str]:
    return [item.routing_key for item in sent]


def payload(item: Outgoing) -> dict[str, Any]:
    """An event's payload, which its schema must accept."""
    event = wire.loads(item.body)
    loaded: dict[str, Any] = events.CATALOGUE[item.routing_key].payload().load(event["payload"])
    return loaded


def mailed(item: Outgoing) -> dict[str, Any]:
    message = wire.loads(item.body)
    assert (item.exchange, item.routing_key, message["actor_name"]) == ("", "mail", "notification.send_secret")
    kwargs: dict[str, Any] = message["kwargs"]
    return kwargs


def told(account_id: UUID, version: int, now: datetime = NOW, **profile: Any) -> list[Outgoing]:
    """Let a listener hear of a profile; what it would send."""
    state = {**events.USER_UPDATED.example, "user_id": str(account_id), **profile}
    event = Event(ids.uuid7(), "user.updated", version, now, None, quiet=False, payload=state)
    with transactions.begin("auth", now=now) as transaction:
        people._follow(transaction, event)
        sent, transaction.outgoing = transaction.outgoing, []
    return sent


def run(job: Any, now: datetime) -> None:
    """Let a scheduled actor do its work at some instant."""
    with transactions.begin("auth", now=now) as transaction:
        job.fn.__wrapped__(transaction)


def test_a_registration_is_told_and_a_letter_is_sent() -> None:
    email = an_email()

    account_id, sent = registered(email)

    assert names(sent) == ["user.created", "mail"]
    assert payload(sent[0])["user_id"] == account_id
    assert wire.loads(sent[0].body)["version"] == 1
    letter = mailed(sent[1])
    assert (letter["template"], letter["to"]) == ("auth.verification", email)
    stored = rows("SELECT token_hash FROM letter WHERE account_id = %s", (account_id,))
    assert stored == [{"token_hash": token_hash(letter["context"]["token"])}]


def test_a_registered_address_gets_a_letter_without_a_secret_and_nothing_is_told() -> None:
    email = an_email()
    registered(email)

    again, sent = registered(email)

    assert names(sent) == ["mail"]
    letter = mailed(sent[0])
    assert (letter["template"], letter["to"]) == ("auth.already_registered", email)
    assert "token" not in letter["context"]
    assert rows("SELECT 1 FROM account WHERE id = %s", (again,)) == []


def test_of_many_first_registrations_exactly_one_is_the_administrator() -> None:
    for table in ("letter", "refresh_token", "session", "account"):
        execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above

    with ThreadPoolExecutor(8) as threads:
        made = [account_id for account_id, _ in threads.map(lambda _: registered(), range(24))]

    roles = [row["role"] for row in rows("SELECT role FROM account WHERE id = ANY(%s)", (made,))]
    assert sorted(roles) == ["admin"] + ["user"] * 23


def test_a_session_opens_only_for_the_password_that_is_current() -> None:
    account_id, _ = registered()
    execute("UPDATE account SET password_version = 2 WHERE id = %s", (account_id,))

    with pytest.raises(InvalidGrant):
        signed_in(account_id, str(ids.uuid7()))


def test_nothing_is_opened_for_whoever_waits_no_longer() -> None:
    account_id, _ = registered()

    with pytest.raises(Unavailable):
        decide(
            sessions.open_session, now=NOW, asked_at=NOW - PATIENCE - SECOND, account_id=account_id,
            password_version=1, subject="subject", token_hash="hash", device="curl", address="::1",
        )  # fmt: skip
    assert rows("SELECT 1 FROM session WHERE account_id = %s", (account_id,)) == []


def test_rotation_goes_on_repeats_and_ends_with_reuse() -> None:
    account_id, _ = registered()
    first, second, third = (str(ids.uuid7()) for _ in range(3))
    session_id = signed_in(account_id, first)

    assert rotated(first, second, NOW) == ("done", [])
    assert rotated(first, second, NOW + GRACE) == ("done", [])
    assert rotated(second, third, NOW + GRACE) == ("done", [])
    assert rotated(first, second, NOW + GRACE) == ("rejected", ["session.revoked"])
    with pytest.raises(InvalidGrant):
        rotated(third, "fourth", NOW + GRACE)
    assert rows("SELECT revoked_at FROM session WHERE id = %s", (session_id,)) == [{"revoked_at": NOW + GRACE}]


def test_another_successor_makes_the_first_one_worthless() -> None:
    account_id, _ = registered()
    first, second, other = (str(ids.uuid7()) for _ in range(3))
    signed_in(account_id, first)
    rotated(first, second, NOW)

    assert rotated(first, other, NOW + SECOND) == ("done", [])
    with pytest.raises(InvalidGrant):
        rotated(second, "third", NOW + SECOND)
    assert rotated(other, "third of another", NOW + SECOND) == ("done", [])


def test_of_simultaneous_uses_of_a_token_one_is_fresh_and_the_others_repeat_it() -> None:
    account_id, _ = registered()
    first, second = str(ids.uuid7()), str(ids.uuid7())
    signed_in(account_id, first)

    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(lambda _: rotated(first, second, NOW), range(12)))

    assert results == [("done", [])] * 12
    assert len(rows("SELECT 1 FROM refresh_token WHERE hash = ANY(%s)", ([first, second],))) == 2


def test_a_used_session_lives_on_and_an_unused_one_ends() -> None:
    account_id, _ = registered()
    first, second = str(ids.uuid7()), str(ids.uuid7())
    signed_in(account_id, first)

    assert rotated(first, second, NOW + SESSION_LIFE - SECOND) == ("done", [])
    with pytest.raises(InvalidGrant):
        rotated(second, "third", NOW + 2 * SESSION_LIFE)


def test_ending_a_session_is_told_once_and_only_the_owner_can() -> None:
    account_id, _ = registered()
    session_id = signed_in(account_id, str(ids.uuid7()))
    ada = Caller(account_id)

    _, first = decide(sessions.end_session, caller=ada, session_id=session_id)
    _, second = decide(sessions.end_session, caller=ada, session_id=session_id)

    assert names(first) == ["session.revoked"]
    assert payload(first[0]) == {"session_id": session_id, "user_id": account_id}
    assert second == []
    with pytest.raises(NotFound):
        decide(sessions.end_session, caller=Caller(ids.uuid7()), session_id=session_id)


def test_a_changed_password_ends_all_sessions_but_the_one_that_changed_it() -> None:
    account_id, _ = registered()
    here, there = (signed_in(account_id, str(ids.uuid7())) for _ in range(2))
    caller = Caller(account_id, session_id=here)

    _, sent = decide(accounts.change_password, caller=caller, password_hash="new", password_version=1)

    assert [payload(item)["session_id"] for item in sent] == [there]
    with pytest.raises(PasswordChanged):
        decide(accounts.change_password, caller=caller, password_hash="newer", password_version=1)


def test_failures_slow_guessing_down_and_are_forgotten_after_success() -> None:
    account_id, _ = registered()
    subject = str(ids.uuid7())

    for _ in range(FREE + 2):
        decide(guesses.record_failure, now=NOW, subject=subject)
    blocked = rows("SELECT blocked_until FROM guess WHERE subject = %s", (subject,))
    decide(
        sessions.open_session, now=NOW, asked_at=NOW, account_id=account_id, password_version=1, subject=subject,
        token_hash=str(ids.uuid7()), device="curl", address="::1",
    )  # fmt: skip

    assert blocked == [{"blocked_until": NOW + 4 * SECOND}]
    assert rows("SELECT 1 FROM guess WHERE subject = %s", (subject,)) == []


def test_simultaneous_failures_are_all_counted() -> None:
    subject = str(ids.uuid7())

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: decide(guesses.record_failure, now=NOW, subject=subject), range(12)))

    assert rows("SELECT failures FROM guess WHERE subject = %s", (subject,)) == [{"failures": 12}]


def test_a_forgotten_password_is_replaced_by_letter() -> None:
    email = an_email()
    account_id, _ = registered(email)
    session_id = signed_in(account_id, str(ids.uuid7()))

    _, asked = decide(letters.request_password_reset, now=NOW, email=email)
    letter = mailed(asked[0])
    hashed = token_hash(letter["context"]["token"])
    _, sent = decide(letters.reset_password, now=NOW, token_hash=hashed, password_hash="new")

    assert (letter["template"], letter["to"]) == ("auth.password_reset", email)
    assert [payload(item)["session_id"] for item in sent] == [session_id]
    assert rows("SELECT password_hash, password_version FROM account WHERE id = %s", (account_id,)) == [
        {"password_hash": "new", "password_version": 2}
    ]
    with pytest.raises(NotFound):
        decide(letters.reset_password, now=NOW, token_hash=hashed, password_hash="newer")


def test_nobody_gets_letters_for_unknown_or_deactivated_accounts_nor_too_many() -> None:
    email = an_email()
    account_id, _ = registered(email)

    sent = [names(decide(letters.request_password_reset, now=NOW, email=email)[1]) for _ in range(6)]
    execute("UPDATE account SET active = false WHERE id = %s", (account_id,))
    later = decide(letters.request_password_reset, now=NOW + timedelta(hours=2), email=email)[1]

    assert sent == [["mail"]] * 5 + [[]]
    assert later == []
    assert decide(letters.request_password_reset, email=an_email())[1] == []


def test_a_verification_can_be_had_again_a_few_times_an_hour() -> None:
    account_id, _ = registered()
    ada = Caller(account_id)

    for _ in range(4):
        _, sent = decide(letters.request_verification, now=NOW, caller=ada)
        assert names(sent) == ["mail"]

    with pytest.raises(TooManyRequests):
        decide(letters.request_verification, now=NOW, caller=ada)
    decide(letters.request_verification, now=NOW + timedelta(hours=1, seconds=1), caller=ada)


def test_a_deactivated_person_s_sessions_end_and_nothing_refreshes_them() -> None:
    account_id, _ = registered()
    token = str(ids.uuid7())
    session_id = signed_in(account_id, token)

    sent = told(account_id, 2, role="user", active=False)

    assert [payload(item)["session_id"] for item in sent] == [session_id]
    with pytest.raises(InvalidGrant):
        rotated(token, "next", NOW)
    with pytest.raises(InvalidGrant):
        signed_in(account_id, str(ids.uuid7()))


def test_profiles_may_come_late_twice_and_out_of_order() -> None:
    account_id, _ = registered()

    told(account_id, 4, display_name="Four", role="user")
    told(account_id, 3, display_name="Three", role="user", active=False)
    told(account_id, 4, display_name="Four again", role="user", active=False)
    told(ids.uuid7(), 2)

    assert rows("SELECT display_name, active, version FROM account WHERE id = %s", (account_id,)) == [
        {"display_name": "Four", "active": True, "version": 4}
    ]


def test_keys_rotate_in_time_and_old_ones_go() -> None:
    def ticked(now: datetime) -> list[datetime]:
        run(keys.rotate_keys, now)
        return [row["signs_from"] for row in rows("SELECT signs_from FROM signing_key ORDER BY signs_from")]

    kept = rows("SELECT * FROM signing_key")
    execute("DELETE FROM signing_key")
    try:
        start = NOW + timedelta(days=3650)
        second = start + KEY_LIFE
        assert ticked(start) == [start]
        assert ticked(second - PUBLISHED_BEFORE - SECOND) == [start]
        assert ticked(second - PUBLISHED_BEFORE) == [start, second]
        assert ticked(second + PUBLISHED_AFTER - SECOND) == [start, second]
        assert ticked(second + PUBLISHED_AFTER) == [second]
    finally:
        execute("DELETE FROM signing_key")
        for row in kept:
            execute("INSERT INTO signing_key VALUES (%s, %s, %s, %s, %s)", list(row.values()))


def test_simultaneous_ticks_make_one_key() -> None:
    now = NOW + 2 * KEY_LIFE

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: run(keys.rotate_keys, now), range(8)))

    made = rows("SELECT id FROM signing_key WHERE created_at = %s", (now,))
    execute("DELETE FROM signing_key WHERE created_at = %s", (now,))
    assert len(made) == 1


def test_what_nobody_can_use_any_more_is_forgotten() -> None:
    account_id, _ = registered()
    old, new = str(ids.uuid7()), str(ids.uuid7())
    signed_in(account_id, old, NOW - SESSION_LIFE - timedelta(days=2))
    signed_in(account_id, new)

    run(forgetting.forget, NOW)

    assert rows("SELECT hash FROM refresh_token WHERE hash = ANY(%s)", ([old, new],)) == [{"hash": new}]
    assert len(rows("SELECT 1 FROM session WHERE account_id = %s", (account_id,))) == 1


def test_a_resync_tells_of_every_account_quietly_and_sends_itself_on() -> None:
    account_id, _ = registered()

    _, sent = decide(resync.resync, after=UUID(int=account_id.int - 1))

    assert names(sent)[0] == "user.created"
    assert payload(sent[0])["user_id"] == account_id
    assert wire.loads(sent[0].body)["quiet"]
