"""Links from e-mails: what they open does what it says, once."""

from datetime import timedelta

from punctual.actors.auth.posting import token_hash
from punctual.kit import ids
from tests.http.dashboard.conftest import Browser
from tests.support.accounts import execute

NEW = "another long password"


def a_letter(browser: Browser, kind: str) -> str:
    """The token of a letter that this person has got."""
    token = f"{ids.uuid7().hex}{ids.uuid7().hex}"[:43]
    execute(
        "INSERT INTO letter (id, account_id, kind, token_hash, created_at, expires_at)"
        " SELECT %s, id, %s, %s, now(), now() + %s FROM account WHERE email = %s",
        (ids.uuid7(), kind, token_hash(token), timedelta(hours=1), browser.email),
    )
    return token


async def test_a_forgotten_password_is_set_anew_and_ends_all_sessions(ada: Browser, browser: Browser):
    page = f"/password-resets/{a_letter(ada, 'password_reset')}"

    short = await browser.fill(page, password="short")
    done = await browser.fill(page, password=NEW)
    again = await browser.fill(page, password="yet another long one")
    former = await ada.get("/settings")
    back = await browser.fill("/sign-in", email=ada.email, password=NEW)

    assert (short.status, done.status, again.status) == (422, 303, 404)
    assert former.location.startswith("/sign-in")
    assert (back.status, back.location) == (303, "/")


async def test_an_address_is_confirmed_by_one_press(ada: Browser):
    page = f"/email-verifications/{a_letter(ada, 'verification')}"

    done = await ada.fill(page)

    assert done.status == 303
    assert "Your e-mail address is confirmed." in (await ada.get(done.location)).text
