"""Forms: from where they may come, how often they may be sent, and what becomes of what was typed."""

import asyncio

import pytest

from punctual.kit import ids


def a_key() -> str:
    return "P" + ids.uuid7().hex[-8:].upper()


@pytest.mark.parametrize("path", ["/projects/new", "/sign-out", "/appearance", "/tasks/OPS-1/completion", "/nowhere"])
@pytest.mark.parametrize("token", ["", "x", "00" * 32])
async def test_a_form_without_the_sessions_token_is_refused(ada, path, token):
    seen = await ada.post(path, csrf=token)

    assert seen.status == 403
    assert "Nothing was changed" in seen.text


async def test_nobody_is_signed_in_by_another_sites_form(ada, browser):
    assert (await browser.post("/sign-in", email=ada.email, password="x")).status == 403


async def test_a_token_is_good_only_in_its_own_session(ada, site):
    eve = await (await site.browser()).register()
    token = (await eve.get("/projects/new")).hidden("csrf")

    assert (await ada.post("/projects/new", csrf=token, name="Mine", key=a_key())).status == 403


async def test_forms_from_before_signing_in_are_void(browser):
    before = (await browser.get("/sign-in")).hidden("csrf")
    await browser.register()

    assert (await browser.post("/projects/new", csrf=before, name="Mine", key=a_key())).status == 403


async def test_the_token_looks_different_on_each_page(ada):
    assert len({(await ada.get("/projects/new")).hidden("csrf") for _ in range(3)}) == 3


async def test_a_form_that_is_sent_twice_is_done_once(ada):
    page, key = await ada.get("/projects/new"), a_key()
    fields = {"csrf": page.hidden("csrf"), "once": page.hidden("once"), "name": "Operations", "key": key}

    seen = await asyncio.gather(*(ada.post("/projects/new", **fields) for _ in range(3)))

    assert [(one.status, one.location) for one in seen] == [(303, f"/projects/{key}")] * 3
    assert (await ada.get("/projects")).html.count(f'href="/projects/{key}"') == 1


async def test_a_refusal_stands_at_its_field_with_what_was_typed_kept(ada):
    seen = await ada.fill("/projects/new", name="Opera & <b>tions</b>", key="1", description="First\r\nsecond")

    assert seen.status == 422
    assert 'id="key-error"' in seen.html
    assert 'value="Opera &amp; &lt;b&gt;tions&lt;/b&gt;"' in seen.html
    assert "First\nsecond</textarea>" in seen.html


async def test_a_rule_that_is_broken_stands_at_its_field_too(ada):
    key = a_key()
    await ada.fill("/projects/new", name="One", key=key)

    seen = await ada.fill("/projects/new", name="Two", key=key)

    assert seen.status == 409
    assert "in use by another project" in seen.text


async def test_what_was_typed_is_kept_while_the_service_is_away(site, ada):
    away = await site.browser(await site.start(project="http://127.0.0.1:1"), ada.cookies())

    seen = await away.fill("/projects/new", name="Operations", key=a_key())

    assert seen.status == 503
    assert "can't be reached" in seen.text
    assert 'value="Operations"' in seen.html


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_what_is_too_much_says_so(ada):
    assert (await ada.post("/projects/new", description="x" * 1_200_000)).status == 413
