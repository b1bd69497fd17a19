"""Signing in and out, and everything around an account."""

import pytest

from tests.support.accounts import PASSWORD, an_email
from tests.support.services import eventually


async def test_a_stranger_is_sent_to_sign_in_and_comes_back(site, ada, browser):
    seen = await browser.get("/projects?archived=true")

    assert (seen.status, seen.location) == (303, "/sign-in?next=%2Fprojects%3Farchived%3Dtrue")
    sent = await browser.fill(
        seen.location, "/sign-in", email=ada.email, password=PASSWORD, next="/projects?archived=true"
    )
    assert (sent.status, sent.location) == (303, "/projects?archived=true")
    assert (await browser.get("/projects")).status == 200


async def test_whoever_is_signed_in_need_not_sign_in(ada):
    assert (await ada.get("/sign-in?next=/projects")).location == "/projects"


async def test_a_wrong_password_is_said_with_the_address_kept(ada, browser):
    seen = await browser.fill("/sign-in", email=ada.email, password="not the right one")

    assert seen.status == 422
    assert "don't belong together" in seen.text
    assert f'value="{ada.email}"' in seen.html
    assert "not the right one" not in seen.html


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/a\r\nSet-Cookie: x=1",
    ],
)
async def test_nobody_is_sent_elsewhere(ada, browser, target):
    seen = await browser.fill("/sign-in", email=ada.email, password=PASSWORD, next=target)

    assert (seen.status, seen.location) == (303, "/")


async def test_signing_out_ends_the_session_at_auth_too(site, ada):
    kept = ada.cookies()

    seen = await ada.fill("/", "/sign-out")

    assert (seen.status, seen.location) == (303, "/sign-in")
    assert (await ada.get("/")).location == "/sign-in"
    again = await site.browser(cookies=kept)

    async def out() -> bool:
        return (await again.get("/projects")).location.startswith("/sign-in")

    await eventually(out)


async def test_what_is_wrong_with_a_registration_stands_at_its_field(browser):
    seen = await browser.fill("/register", display_name="Ada", email="nobody", password="short", time_zone="UTC")

    assert seen.status == 422
    assert 'id="email-error"' in seen.html
    assert 'id="password-error"' in seen.html
    assert 'value="Ada"' in seen.html


async def test_registering_an_address_twice_looks_like_any_other_registration(ada, browser):
    given = {"display_name": "Eve", "email": ada.email, "password": "another long password", "time_zone": "UTC"}

    seen = await browser.fill("/register", **given)

    assert (seen.status, seen.location) == (303, "/sign-in")
    assert f"An e-mail is on its way to {ada.email}" in (await browser.get("/sign-in")).text


async def test_a_forgotten_password_is_answered_alike_for_every_address(ada, browser):
    said = []
    for email in (ada.email, an_email()):
        await browser.fill("/forgotten-password", email=email)
        said.append((await browser.get("/sign-in")).text.replace(email, "…"))

    assert said[0] == said[1]


@pytest.mark.parametrize("page", ["/password-resets/", "/email-verifications/"])
async def test_a_link_that_never_was_says_so_on_its_own_page(browser, page):
    seen = await browser.fill(page + "x" * 43, password="another long password")

    assert seen.status == 404
    assert "ask for a new one" in seen.text


async def test_opening_a_link_changes_nothing(ada):
    seen = await ada.get("/invitations/" + "x" * 43)

    assert seen.status == 200
    assert ada.email in seen.text
