"""Pages: what each of them shows, and what stands around it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from punctual.http.dashboard import static
from punctual.http.dashboard.services import BASE
from tests.http.dashboard.conftest import Browser, Site
from tests.http.dashboard.test_forms import a_key
from tests.support.services import eventually


async def test_every_page_may_load_only_what_is_ours(browser):
    seen = await browser.get("/sign-in")

    policy = seen.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]*src=)|<[^>]*\s(style|on\w+)=", seen.html)
    assert set(re.findall(r'(?:src|href)="(https?:)?//', seen.html)) == set()


async def test_files_are_kept_for_ever_under_an_address_that_changes(browser):
    address = re.search(r'href="(/static/\w+/style\.css)"', (await browser.get("/sign-in")).html)[1]

    assert "immutable" in (await browser.get(address)).headers["Cache-Control"]
    old = await browser.get(re.sub(r"/static/\w+/", "/static/0000/", address))
    assert (old.status, old.headers["Cache-Control"]) == (200, "no-cache")
    assert (await browser.get("/static/0000/../session.py")).status == 404


def test_scripts_and_style_stay_small():
    scripts = [asset for name, asset in static.assets().items() if name.endswith(".js")]

    assert sum(len(asset.body) for asset in scripts) < 15_000
    assert sum(len(asset.compressed) for asset in [*scripts, static.assets()["style.css"]]) < 40_000


async def test_a_page_that_is_not_there_says_so(ada):
    seen = await ada.get("/nowhere")

    assert seen.status == 404
    assert "Nothing here" in seen.text


async def test_a_theme_is_kept_in_this_browser(browser):
    seen = await browser.fill("/sign-in", "/appearance", theme="dark", next="/sign-in")

    assert (seen.status, seen.location) == (303, "/sign-in")
    assert 'data-theme="dark"' in (await browser.get("/sign-in")).html


async def test_my_work_is_ordered_by_the_time_that_is_left(site: Site, ada: Browser):
    key = await a_project(ada)
    today = datetime.now(UTC).date()
    for days, title in ((-2, "Late"), (0, "Now"), (3, "Soon"), (30, "Far"), (None, "Whenever")):
        due = None if days is None else str(today + timedelta(days=days))
        await a_task(site, ada, key, title=title, due=due)

    seen = await ada.get("/")

    order = ["Overdue", "Late", "Today", "Now", "Next 7 days", "Soon", "Later", "Far", "Without a date", "Whenever"]
    positions = [seen.text.index(f" {word} ") for word in order]
    assert positions == sorted(positions)


async def test_a_task_is_completed_from_the_list_and_taken_back(site: Site, ada: Browser):
    key = await a_project(ada)
    await a_task(site, ada, key, title="Renew the certificate")

    done = await ada.fill("/", f"/tasks/{key}-1/completion", next="/")
    seen = await ada.get("/")
    undone = await ada.post(
        f"/tasks/{key}-1/completion", csrf=seen.hidden("csrf"), once=seen.hidden("once"), undo="1", next="/"
    )

    assert (done.status, done.location) == (303, "/")
    assert f"{key}-1 is done." in seen.text
    assert "Renew the certificate" not in seen.text
    assert undone.status == 303
    assert "Renew the certificate" in (await ada.get("/")).text


async def test_what_was_just_done_is_said_once(ada):
    await ada.fill("/projects/new", name="Operations", key=a_key())

    assert "is ready" in (await ada.get("/projects")).text
    assert "is ready" not in (await ada.get("/projects")).text


@pytest.mark.parametrize("path", ["/operations/task/" + "0" * 8 + "-0000-7000-8000-" + "0" * 12])
async def test_what_is_pending_looks_again_by_itself(ada, path):
    seen = await ada.get(path + "?then=//evil.example/")

    assert seen.status == 200
    assert seen.headers["Refresh"] == "2"
    assert 'href="//evil' not in seen.html


async def test_an_operation_of_no_service_is_not_there(ada):
    assert (await ada.get("/operations/elsewhere/1")).status == 404


async def a_project(browser: Browser) -> str:
    key = a_key()
    assert (await browser.fill("/projects/new", name="Operations", key=key)).status == 303
    return key


async def a_task(site: Site, browser: Browser, key: str, **fields: object) -> None:
    """A task of this browser's person, made with a session of its own."""
    token = (await site.services.sign_in(browser.email)).body["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    url = await site.services.url("user") + BASE + "/users/me"
    async with site.services.client.get(url, headers=headers) as response:
        me = (await response.json())["id"]
    tasks = await site.services.url("task") + f"{BASE}/projects/{key}/tasks"

    async def created() -> bool:
        body = {"assignees": [me], **fields}
        async with site.services.client.post(tasks, json=body, headers=headers) as response:
            return response.status == 201

    await eventually(created)
