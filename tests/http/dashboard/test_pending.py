"""What is accepted and not done yet, and what was typed when it is rejected after all."""

import hashlib
import re

import pytest

from punctual.http.dashboard import client
from tests.http.dashboard.conftest import Browser, Seen, Site
from tests.http.dashboard.projects import a_project, a_task, send, statuses
from tests.http.dashboard.world import form_of
from tests.support.services import eventually


async def decided(browser: Browser, location: str) -> Seen:
    """The page that waits, once there is nothing to wait for."""

    async def known() -> Seen | None:
        seen = await browser.get(location)
        return None if "Refresh" in seen.headers else seen

    return await eventually(known)


async def test_a_pending_change_leads_on_once_it_is_done(ada: Browser, monkeypatch: pytest.MonkeyPatch):
    key = await a_project(ada)
    monkeypatch.setattr(client, "WAIT_SECONDS", 0)

    sent = await ada.fill(f"/projects/{key}/tasks/new", f"/projects/{key}/tasks", title="Order chairs")
    done = await decided(ada, sent.location)

    assert sent.location.startswith("/operations/task/")
    assert done.location.startswith(f"/projects/{key}")
    assert "Order chairs" in (await ada.get(f"/projects/{key}")).text


async def test_a_change_that_is_rejected_later_gives_back_what_was_typed(ada: Browser, monkeypatch: pytest.MonkeyPatch):
    key = await a_project(ada)
    status = (await statuses(ada, key))["Done"]
    monkeypatch.setattr(client, "WAIT_SECONDS", 0)
    sent = await send(
        ada, f"/projects/{key}/tasks/new", f"/projects/{key}/tasks", ("title", "Order <chairs>"),
        ("description", "Four\r\nof them"), ("status_id", "0" * 8 + status[8:]),
    )  # fmt: skip
    rejected = await decided(ada, sent.location)
    monkeypatch.setattr(client, "WAIT_SECONDS", 3)
    fields = form_of(rejected, "Back to what I typed")
    target = re.search(r'action="(/projects/[^"]+)"', rejected.html)
    assert target
    again = await ada.post(target[1], **fields)

    assert "has no status" in rejected.text
    assert again.status == 422
    assert 'value="Order &lt;chairs&gt;"' in again.html
    assert "Four\nof them</textarea>" in again.html
    assert "has no status" in again.text


async def test_what_was_typed_is_kept_for_that_page_alone_and_no_password_is(
    ada: Browser, monkeypatch: pytest.MonkeyPatch
):
    key = await a_project(ada)
    await a_task(ada, key, "Order chairs")
    monkeypatch.setattr(client, "WAIT_SECONDS", 0)

    sent = await ada.fill(f"/tasks/{key}-1", f"/tasks/{key}-1/comments", text="Which?")
    cookie = next(text for text in sent.headers.getall("Set-Cookie") if text.startswith("punctual_kept="))

    assert f"Path={sent.location.partition('?')[0]}" in cookie
    assert "HttpOnly" in cookie
    assert "Which" not in cookie


async def test_what_is_too_long_for_a_cookie_is_given_back_at_once(ada: Browser, monkeypatch: pytest.MonkeyPatch):
    key = await a_project(ada)
    status = (await statuses(ada, key))["Done"]
    text = "".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(200))
    monkeypatch.setattr(client, "WAIT_SECONDS", 0)
    sent = [("title", "Order chairs"), ("description", text), ("status_id", "0" * 8 + status[8:])]
    waiting = await send(ada, f"/projects/{key}/tasks/new", f"/projects/{key}/tasks", *sent)
    monkeypatch.setattr(client, "WAIT_SECONDS", 3)

    refused = await ada.post(f"/projects/{key}/tasks", **form_of(waiting, "Look whether it is done"))

    assert (waiting.status, waiting.location) == (202, "")
    assert "has no status" in refused.text
    assert f"{text}</textarea>" in refused.html


async def test_what_is_looked_after_once_it_is_done_leads_on_and_is_done_once(
    ada: Browser, monkeypatch: pytest.MonkeyPatch
):
    key = await a_project(ada)
    text = "".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(200))
    monkeypatch.setattr(client, "WAIT_SECONDS", 0)
    sent = [("title", "Order chairs"), ("description", text)]
    waiting = await send(ada, f"/projects/{key}/tasks/new", f"/projects/{key}/tasks", *sent)
    monkeypatch.setattr(client, "WAIT_SECONDS", 3)

    done = await ada.post(f"/projects/{key}/tasks", **form_of(waiting, "Look whether it is done"))

    assert (done.status, done.location) == (303, f"/projects/{key}")
    assert (await ada.get(f"/projects/{key}")).html.count('class="ticket"') == 1


async def test_what_nobody_could_answer_is_sent_again_as_it_was_typed(site: Site, ada: Browser):
    key = await a_project(ada)
    task = await a_task(ada, key, "Order chairs")
    text = "Which ones? " * 1000
    away = await site.browser(await site.start(task="http://127.0.0.1:1"), ada.cookies())
    hidden = form_of(await ada.get(f"/tasks/{task}"), 'name="text"')

    unanswered = await away.post(f"/tasks/{task}/comments", **{**hidden, "text": text})
    said = await ada.post(f"/tasks/{task}/comments", **form_of(unanswered, "Send it again"))

    assert unanswered.status == 503
    assert said.status == 303
    assert text.strip() in (await ada.get(f"/tasks/{task}")).text
