"""A project's key is changed in its settings: pages and forms of the old one lead on, and nothing typed is lost."""

import pytest

from tests.http.dashboard.projects import a_member, a_project, a_task, heard, send, statuses
from tests.http.dashboard.test_forms import a_key
from tests.http.dashboard.world import form_of
from tests.support.services import eventually


async def rename(browser, key, new):
    """What answers the form in the settings."""
    page = f"/projects/{key}/settings"
    fields = form_of(await browser.get(page), 'name="name"')
    return await browser.post(page, **{**fields, "key": new})


async def renamed(browser, key):
    """The project's new key, when its board is shown by it."""
    new = a_key()
    assert (await rename(browser, key, new)).status == 303

    async def heard():
        return (await browser.get(f"/projects/{key}")).location == f"/projects/{new}"

    await eventually(heard)
    return new


async def test_the_key_is_changed_in_the_settings_which_tell_where_old_links_lead(ada):
    key = await a_project(ada)
    new = a_key()

    saved = await rename(ada, key, f" {new.lower()} ")
    seen = await ada.get(f"/projects/{new}/settings")

    assert (saved.status, saved.location) == (303, f"/projects/{new}/settings"), saved.text
    assert "The settings are saved." in seen.text
    assert f'value="{new}"' in seen.html
    assert f"links with {new} go on to lead here, as do those with {key}." in seen.text


async def test_a_key_that_another_project_had_is_refused_at_its_field(ada):
    first, second = await a_project(ada), await a_project(ada)
    await renamed(ada, first)
    page = f"/projects/{second}/settings"
    fields = form_of(await ada.get(page), 'name="name"')

    seen = await ada.post(page, **{**fields, "name": "Opera", "key": first})

    assert seen.status == 409
    assert f"The key {first} is in use by another project; choose another." in seen.text
    assert 'id="key-error"' in seen.html
    assert 'value="Opera"' in seen.html


async def test_somebody_elses_change_of_the_key_is_told_before_it_is_undone(ada):
    key = await a_project(ada)
    page = f"/projects/{key}/settings"
    stale = form_of(await ada.get(page), 'name="name"')
    new = await renamed(ada, key)

    seen = await ada.post(page, **{**stale, "name": "Opera"})

    assert seen.status == 412
    assert f"Key {new}" in seen.text
    assert 'value="Opera"' in seen.html


@pytest.mark.parametrize(
    "tail",
    ["", "?priority=high", "/list?sort=due", "/calendar?month=2031-03", "/tasks/new?due=2031-03-14&next=%2F",
     "/settings", "/settings/people", "/settings/statuses"],
)  # fmt: skip
async def test_every_page_of_a_project_goes_on_by_its_current_key(ada, tail):
    key = await a_project(ada)
    new = await renamed(ada, key)

    moved = await ada.get(f"/projects/{key}{tail}")
    seen = await ada.get(f"/projects/{new}{tail}")

    assert (moved.status, moved.location, seen.status) == (303, f"/projects/{new}{tail}", 200)


async def test_a_task_goes_on_by_its_current_key(ada):
    key = await a_project(ada)
    task = await a_task(ada, key, "Order chairs")
    new = await renamed(ada, key)

    moved = await ada.get(f"/tasks/{task}?history=all")
    seen = await ada.get(f"/tasks/{new}-1?history=all")

    assert (moved.status, moved.location) == (303, f"/tasks/{new}-1?history=all")
    assert f"{new}-1 Order chairs" in seen.text


async def test_a_page_that_is_open_already_is_renewed_where_it_is(ada):
    key = await a_project(ada)
    task = await a_task(ada, key, "Order chairs")
    new = await renamed(ada, key)

    for path in (f"/projects/{key}/columns", f"/projects/{key}/list", f"/projects/{key}", f"/tasks/{task}"):
        seen = await ada.get(path, **{"Sec-Fetch-Dest": "empty"})
        assert seen.status == 200
        assert f"{new}-1" in seen.text


async def test_forms_of_pages_that_were_open_at_the_change_still_work(ada):
    key = await a_project(ada)
    task = await a_task(ada, key, "Order chairs")
    done = (await statuses(ada, key))["Done"]
    list_page, task_page = await ada.get(f"/projects/{key}/list"), await ada.get(f"/tasks/{task}")
    new = await renamed(ada, key)
    hidden = {name: list_page.hidden(name) for name in ("csrf", "once")}
    facts = form_of(task_page, 'id="facts"')

    created = await ada.post(f"/projects/{key}/tasks", **hidden, title="Order tables")
    added = await ada.post("/quick-add", **hidden, title="Order lamps", project=key, next=f"/projects/{key}")
    listed = await ada.post(f"/projects/{key}/list", **hidden, tasks=task, status_id=done)
    saved = await ada.post(f"/tasks/{task}", **{**facts, "priority": "high"})
    said = await ada.post(f"/tasks/{task}/comments", **hidden, text="They came")
    finished = await ada.post(f"/tasks/{new}-2/completion", **hidden)

    assert [one.status for one in (created, added, listed, saved, said, finished)] == [303] * 6
    assert saved.location == f"/tasks/{task}"
    assert "They came" in (await ada.get(f"/tasks/{new}-1")).text
    assert f"{new}-3" in (await ada.get(f"/projects/{new}/list")).text


async def test_what_was_typed_into_a_form_of_the_old_key_stays_when_it_is_refused(ada):
    key = await a_project(ada)
    task = await a_task(ada, key, "Order chairs")
    list_page = await ada.get(f"/projects/{key}/list")
    new = await renamed(ada, key)
    hidden = [(name, list_page.hidden(name)) for name in ("csrf", "once")]

    created = await ada.post(f"/projects/{key}/tasks", **dict(hidden), title="", description="Four of them")
    added = await ada.post("/quick-add", **dict(hidden), title="", project=key)
    fields = [("tasks", task), ("due", "20301-01-01")]
    listed = await ada._send("POST", f"/projects/{key}/list", data=[*hidden, *fields])
    said = await ada.post(f"/tasks/{task}/comments", **dict(hidden), text="x" * 50_001)

    assert [one.status for one in (created, added, listed, said)] == [422] * 4
    assert "Four of them" in created.text
    assert f'action="/projects/{new}/tasks"' in created.html
    assert f'value="{key}" selected' in added.html
    assert f'value="{new}-1" checked' in listed.html
    assert "x" * 50_001 in said.text


async def test_a_sentence_waits_for_the_page_that_is_gone_on_to(ada):
    key = await a_project(ada)
    page = await ada.get(f"/projects/{key}/settings/statuses")
    new = await renamed(ada, key)
    hidden = {name: page.hidden(name) for name in ("csrf", "once")}

    added = await ada.post(f"/projects/{key}/settings/statuses", **hidden, name="Review", category="in_progress")
    moved = await ada.get(added.location)
    seen = await ada.get(moved.location)

    assert (moved.status, moved.location) == (303, f"/projects/{new}/settings/statuses")
    assert "Review is a status now." in seen.text


async def test_a_project_is_deleted_only_by_typing_its_current_key(ada):
    key = await a_project(ada)
    new = await renamed(ada, key)
    page = f"/projects/{new}/settings"

    wrong = await ada.fill(page, f"{page}/deletion", confirmation=key)
    right = await ada.fill(page, f"/projects/{key}/settings/deletion", confirmation=new)

    assert (wrong.status, right.status) == (422, 303)
    assert f"Type {new} to delete this project" in wrong.text
    assert [(await ada.get(f"/projects/{name}/settings")).status for name in (key, new)] == [404, 404]


async def test_a_notification_of_before_leads_to_the_task_of_now(site, ada):
    key = await a_project(ada)
    bob, user_id = await a_member(site, ada, key, "member", display_name="Bob")
    await send(ada, f"/projects/{key}/tasks/new", f"/projects/{key}/tasks", ("title", "Chairs"), ("assignees", user_id))

    async def told():
        return f"{key}-1" in (await bob.get("/inbox")).text

    await eventually(told)
    new = await renamed(ada, key)

    assert (await bob.get(f"/tasks/{key}-1")).location == f"/tasks/{new}-1"


async def test_the_live_stream_goes_on_by_the_old_key(ada):
    key = await a_project(ada)
    new = await renamed(ada, key)
    async with ada.client.get(f"{ada.url}/live?project={key}") as stream:
        for _ in range(3):
            await stream.content.readuntil(b"\n\n")
        await a_task(ada, new, "Order chairs")
        told = await heard(stream, "task")

    assert f'"key":"{new}-1"'.encode() in told


async def test_who_is_not_in_the_project_is_led_nowhere(site, ada):
    key = await a_project(ada)
    task = await a_task(ada, key, "Order chairs")
    await renamed(ada, key)
    eve = await (await site.browser()).register()

    seen = [await eve.get(path) for path in (f"/projects/{key}", f"/projects/{key}/settings", f"/tasks/{task}")]

    assert [(one.status, one.location) for one in seen] == [(404, "")] * 3
