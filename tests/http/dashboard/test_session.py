"""The cookie, and what happens to it while tabs and processes work at the same time."""

import asyncio

import pytest

from punctual.http.dashboard import services
from punctual.http.dashboard.application import application
from punctual.kit import clients
from punctual.kit.settings import SettingsError, load
from tests.support.accounts import execute
from tests.support.services import eventually


def test_without_a_key_it_does_not_start_and_says_which_variable_is_missing():
    with pytest.raises(SettingsError, match="PUNCTUAL_SESSION_KEY"):
        application(load({}))


def test_a_key_that_could_be_guessed_is_refused():
    with pytest.raises(SettingsError, match="at least 32"):
        load({"PUNCTUAL_SESSION_KEY": "secret"})


async def test_no_script_and_no_other_site_can_use_the_cookie(browser):
    cookie = (await browser.get("/sign-in")).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


async def test_the_cookie_shows_nothing_of_the_tokens(ada):
    assert set(ada.cookies()) <= {"punctual", "punctual_said"}
    assert "eyJ" not in ada.cookies()["punctual"]


async def test_a_cookie_that_was_tampered_with_is_that_of_a_stranger(site, ada):
    kept = ada.cookies()["punctual"]
    forged = await site.browser(cookies={"punctual": kept[:-8] + "AAAAAAA="})

    assert (await forged.get("/")).location == "/sign-in"


async def test_tabs_that_renew_at_once_stay_signed_in(site, ada, aged):
    kept = ada.cookies()
    tabs = [await site.browser(cookies=kept) for _ in range(8)]
    aged()

    seen = await asyncio.gather(*(tab.get("/") for tab in tabs))
    later = await asyncio.gather(*(tab.get("/projects") for tab in tabs))

    assert [page.status for page in seen + later] == [200] * 16
    assert all(tab.cookies()["punctual"] != kept["punctual"] for tab in tabs)


async def test_processes_that_renew_at_once_stay_signed_in(site, ada, aged):
    kept = ada.cookies()
    tabs = [await site.browser(await site.start(), kept) for _ in range(3)]
    aged()

    seen = await asyncio.gather(*(tab.get("/") for tab in tabs))

    assert [page.status for page in seen] == [200] * 3


async def test_a_tab_whose_answer_was_lost_goes_on_with_the_old_cookie(site, ada, aged):
    kept = ada.cookies()
    aged()
    await ada.get("/")

    assert (await (await site.browser(cookies=kept)).get("/")).status == 200


@pytest.mark.parametrize(("known", "status"), [(True, 200), (False, 303)], ids=["proved", "unproved"])
async def test_a_lost_answer_is_made_good_minutes_later_by_another_process(site, ada, aged, monkeypatch, known, status):
    monkeypatch.setattr(clients, "secret", lambda: "a secret of the tests" if known else None)
    monkeypatch.setattr(services, "secret", clients.secret)
    kept = ada.cookies()
    aged()
    await ada.get("/")
    execute("UPDATE refresh_token SET used_at = used_at - interval '5 minutes' WHERE used_at IS NOT NULL")

    elsewhere = await site.browser(await site.start(), kept)

    assert (await elsewhere.get("/")).status == status


async def test_a_session_that_was_ended_elsewhere_leads_to_signing_in(site, ada):
    granted = (await site.services.sign_in(ada.email)).body
    await site.services.call("DELETE", "/api/v1/auth/sessions", token=granted["access_token"])

    async def out() -> bool:
        return (await ada.get("/projects")).location == "/sign-in?next=%2Fprojects"

    await eventually(out)
    assert "session has ended" in (await ada.get("/sign-in")).text


async def test_while_auth_is_away_a_page_with_a_good_token_works(site, ada):
    away = await site.start(auth="http://127.0.0.1:1")

    assert (await (await site.browser(away, ada.cookies())).get("/projects")).status == 200


async def test_while_a_service_is_away_the_page_says_which(site, ada):
    away = await site.start(project="http://127.0.0.1:1")

    seen = await (await site.browser(away, ada.cookies())).get("/projects")

    assert seen.status == 503
    assert "project service" in seen.text
    assert "Ada" in seen.html


async def test_while_the_inbox_is_away_the_tasks_are_there(site, ada):
    away = await site.start(notification="http://127.0.0.1:1")

    seen = await (await site.browser(away, ada.cookies())).get("/")

    assert seen.status == 200
    assert "inbox can't be read" in seen.text
