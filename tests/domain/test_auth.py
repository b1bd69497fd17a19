"""Accounts, sessions, letters, guesses and keys: the rules, without I/O."""

from datetime import UTC, datetime, timedelta

import pytest

from punctual.domain.auth import keys, letters, sessions
from punctual.domain.auth.accounts import Account, InvalidGrant, PasswordChanged, Profile
from punctual.domain.auth.guesses import FORGOTTEN_AFTER, FREE, LONGEST, Guesses
from punctual.domain.auth.keys import SigningKey
from punctual.domain.auth.letters import LIVES, PASSWORD_RESET, Letter
from punctual.domain.auth.sessions import GRACE, LONG_GRACE, PATIENCE, SESSION_LIFE, RefreshToken, Rotation
from punctual.kit import ids
from punctual.kit.errors import NotFound, Unavailable

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def an_account(**fields: object) -> Account:
    account = Account(ids.uuid7(), "ada@example.org", "hash", "Ada", "UTC", "user", NOW)
    for name, value in fields.items():
        setattr(account, name, value)
    return account


def a_profile(*, role: str = "user", active: bool = True) -> Profile:
    return Profile("Countess", "Europe/London", role, active)


def a_token() -> RefreshToken:
    return RefreshToken("first", ids.uuid7(), NOW)


def a_letter(kind: str = PASSWORD_RESET) -> Letter:
    return letters.write(ids.uuid7(), ids.uuid7(), kind, "hash", NOW)


def a_key(signs_from: datetime) -> SigningKey:
    return SigningKey(ids.uuid7(), bytes(32), bytes(32), signs_from, signs_from)


def test_a_password_that_was_changed_since_it_was_proved_opens_nothing() -> None:
    account = an_account()
    proved = account.password_version

    account.change_password("new", proved)

    with pytest.raises(InvalidGrant):
        account.demand_sign_in(proved)
    with pytest.raises(PasswordChanged):
        account.change_password("newer", proved)


def test_a_deactivated_account_opens_nothing() -> None:
    account = an_account(active=False)

    with pytest.raises(InvalidGrant):
        account.demand_sign_in(account.password_version)
    with pytest.raises(InvalidGrant):
        account.demand_active()


def test_an_older_profile_never_overwrites_a_newer() -> None:
    account = an_account(version=3, display_name="Ada")

    ends = account.follow(a_profile(active=False), 3, NOW)

    assert not ends
    assert (account.display_name, account.active, account.version) == ("Ada", True, 3)


def test_deactivation_ends_sessions_and_voids_tokens_once() -> None:
    account = an_account()

    first = account.follow(a_profile(active=False), 2, NOW)
    second = account.follow(a_profile(active=False), 3, NOW + SECOND)

    assert (first, second) == (True, False)
    assert account.tokens_void_until == NOW


def test_whoever_is_no_administrator_any_more_loses_the_tokens_that_say_so_but_not_the_session() -> None:
    account = an_account(role="admin")

    assert not account.follow(a_profile(role="user"), 2, NOW)
    assert account.tokens_void_until == NOW


def test_a_promotion_voids_nothing() -> None:
    account = an_account()

    account.follow(a_profile(role="admin"), 2, NOW)

    assert account.role == "admin"
    assert account.tokens_void_until is None


def test_a_session_lives_on_while_it_is_used_and_ends_when_it_is_not() -> None:
    session = sessions.open_session(ids.uuid7(), ids.uuid7(), "curl", "::1", NOW)

    session.seen(NOW + SESSION_LIFE - SECOND)
    session.demand_alive(NOW + 2 * SESSION_LIFE - 2 * SECOND)

    with pytest.raises(InvalidGrant):
        session.demand_alive(NOW + 2 * SESSION_LIFE)


def test_a_revoked_session_is_over() -> None:
    session = sessions.open_session(ids.uuid7(), ids.uuid7(), "curl", "::1", NOW)
    session.revoked_at = NOW

    with pytest.raises(InvalidGrant):
        session.demand_alive(NOW)


def test_a_fresh_token_is_used_for_its_successor() -> None:
    token = a_token()

    assert token.rotate("second", NOW, successor_used=False) is Rotation.FRESH
    assert (token.used_at, token.successor) == (NOW, "second")


def test_a_repeat_within_the_grace_gets_the_same_successor() -> None:
    token = a_token()
    token.rotate("second", NOW, successor_used=False)

    assert token.rotate("second", NOW + GRACE, successor_used=False) is Rotation.REPEATED
    assert token.used_at == NOW


def test_another_successor_within_the_grace_takes_the_place_of_the_first() -> None:
    token = a_token()
    token.rotate("second", NOW, successor_used=False)

    assert token.rotate("other", NOW + GRACE, successor_used=False) is Rotation.REPLACED
    assert token.successor == "other"


def test_reuse_after_the_grace_is_found_out() -> None:
    token = a_token()
    token.rotate("second", NOW, successor_used=False)

    assert token.rotate("second", NOW + GRACE + SECOND, successor_used=False) is Rotation.REUSED


def test_a_client_that_keeps_its_tokens_has_a_longer_grace_and_no_more_than_that() -> None:
    token = RefreshToken("first", ids.uuid7(), NOW)
    token.rotate("second", NOW, successor_used=False)

    late, too_late = NOW + LONG_GRACE, NOW + LONG_GRACE + SECOND
    assert token.rotate("second", late, successor_used=False, grace=LONG_GRACE) is Rotation.REPEATED
    assert token.rotate("second", late, successor_used=True, grace=LONG_GRACE) is Rotation.REUSED
    assert token.rotate("second", too_late, successor_used=False, grace=LONG_GRACE) is Rotation.REUSED


def test_reuse_within_the_grace_is_found_out_once_somebody_used_the_successor() -> None:
    token = a_token()
    token.rotate("second", NOW, successor_used=False)

    assert token.rotate("second", NOW + SECOND, successor_used=True) is Rotation.REUSED


def test_tokens_that_nobody_waits_for_any_more_are_not_made() -> None:
    sessions.demand_timely(NOW, NOW + PATIENCE)

    with pytest.raises(Unavailable):
        sessions.demand_timely(NOW, NOW + PATIENCE + SECOND)


def test_a_letter_is_used_once() -> None:
    letter = a_letter()

    letter.use(NOW)

    with pytest.raises(NotFound):
        letter.use(NOW)


@pytest.mark.parametrize("kind", LIVES)
def test_a_letter_is_good_until_its_end_and_not_after(kind: str) -> None:
    with pytest.raises(NotFound):
        a_letter(kind).use(NOW + LIVES[kind])


def test_a_few_letters_an_hour_are_enough() -> None:
    assert not letters.too_many(4)
    assert letters.too_many(5)


def test_guessing_is_free_at_first_and_then_slower_with_every_failure() -> None:
    guesses, waits = Guesses("subject"), []

    for _ in range(20):
        guesses.fail(NOW)
        waits.append(guesses.blocked_until - NOW if guesses.blocked_until else None)

    assert waits[: FREE - 1] == [None] * (FREE - 1)
    assert waits[FREE - 1 : FREE + 3] == [SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert waits[-1] == LONGEST


def test_failures_are_forgotten_after_a_quiet_hour() -> None:
    guesses = Guesses("subject", failures=50, failed_at=NOW)

    guesses.fail(NOW + FORGOTTEN_AFTER + SECOND)

    assert guesses.failures == 1
    assert guesses.blocked_until is None


def test_the_first_key_signs_at_once() -> None:
    assert keys.next_signs_from([], NOW) == NOW


def test_a_key_is_published_before_it_signs_and_in_time_for_the_old_one_to_end() -> None:
    old = a_key(NOW)
    due = NOW + keys.KEY_LIFE - keys.PUBLISHED_BEFORE

    assert keys.next_signs_from([old], due - SECOND) is None
    assert keys.next_signs_from([old], due) == NOW + keys.KEY_LIFE


def test_a_key_made_late_is_still_published_before_it_signs() -> None:
    late = NOW + 3 * keys.KEY_LIFE

    assert keys.next_signs_from([a_key(NOW)], late) == late + keys.PUBLISHED_BEFORE


def test_nothing_is_made_while_the_next_key_waits() -> None:
    due = NOW + keys.KEY_LIFE - keys.PUBLISHED_BEFORE

    assert keys.next_signs_from([a_key(NOW), a_key(NOW + keys.KEY_LIFE)], due + SECOND) is None


def test_a_key_is_published_until_what_it_signed_is_dead() -> None:
    old, new = a_key(NOW - keys.KEY_LIFE), a_key(NOW)

    assert keys.retired([old, new], NOW + keys.PUBLISHED_AFTER - SECOND) == []
    assert keys.retired([old, new], NOW + keys.PUBLISHED_AFTER) == [old]
    assert keys.retired([new], NOW + keys.PUBLISHED_AFTER) == []
