"""Links that switch e-mails off: what is in them can't be changed without the key."""

from dataclasses import replace
from uuid import UUID

import pytest

from punctual.domain.notification import KINDS, Unsubscription, demand_good
from punctual.kit.errors import NotFound

SECRET = b"s" * 32
ADA, BOB = UUID(int=1), UUID(int=2)


def judge(link: Unsubscription, secret: bytes | None = SECRET) -> None:
    demand_good(link.user_id, link.kind, link.key, link.proof, secret)


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_says_again_what_was_signed_and_is_short_enough_for_an_address(kind: str) -> None:
    token = Unsubscription.signed(ADA, kind, 255, SECRET).token

    read = Unsubscription.read(token)
    judge(read)

    assert (read.user_id, read.kind, read.key) == (ADA, kind, 255)
    assert 40 <= len(token) <= 100
    assert token.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("change", [{"user_id": BOB}, {"kind": "task.due"}, {"key": 2}, {"signature": b"\0" * 16}])
def test_whatever_is_changed_in_it_makes_it_no_good(change: dict[str, object]) -> None:
    link = Unsubscription.signed(ADA, "task.commented", 1, SECRET)

    with pytest.raises(NotFound, match="no good"):
        judge(replace(link, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize("secret", [None, b"t" * 32])
def test_another_key_or_none_makes_it_no_good(secret: bytes | None) -> None:
    with pytest.raises(NotFound):
        judge(Unsubscription.signed(ADA, "task.commented", 1, SECRET), secret)


@pytest.mark.parametrize("token", ["", "x", "x" * 24, "x" * 90, "a.b", "é" * 80, "=" * 44])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(NotFound):
        Unsubscription.read(token)


def test_a_token_that_was_cut_off_is_refused() -> None:
    token = Unsubscription.signed(ADA, "task.commented", 1, SECRET).token

    for length in range(len(token)):
        with pytest.raises(NotFound):
            judge(Unsubscription.read(token[:length]))
