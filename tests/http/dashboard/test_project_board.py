"""A project as a board, and its new tasks."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.http.dashboard.projects import a_member, a_project, a_task, columns, identity, send, statuses


async def test_a_new_project_says_what_to_do_next(ada):
    key = await a_project(ada)

    seen = await ada.get(f"/projects/{key}")

    assert "No task yet" in seen.text
    assert f'href="/projects/{key}/tasks/new"' in seen.html


async def test_a_column_for_each_status_counts_its_cards(ada):
    key = await a_project(ada)
    known = await statuses(ada, key)
    first = await a_task(ada, key, "Renew <b>the</b> certificate", priority="high")
    second = await a_task(ada, key, "Order chairs", status_id=known["In progress"])

    seen = await ada.get(f"/projects/{key}")

    assert await columns(ada, f"/projects/{key}") == {
        **{name: [] for name in known},
        "To do": [first],
        "In progress": [second],
    }
    assert re.findall(r"data-count>(\d+)<", seen.html) == ["0", "1", "1", "0", "0"]
    assert "Renew &lt;b&gt;the&lt;/b&gt; certificate" in seen.html
    assert "Priority: high" in seen.text


async def test_a_card_moves_by_the_form_on_it_and_back(ada):
    key = await a_project(ada)
    known = await statuses(ada, key)
    task = await a_task(ada, key, "Order chairs")
    form = await ada.get(f"/projects/{key}?move={task}")
    assert f'value="{task} {known["Done"]}"' in form.html

    back = f"/projects/{key}?q=chairs"
    fields = (("to", f"{task} {known['Done']}"), ("next", back))
    moved = await send(ada, f"/projects/{key}", f"/projects/{key}/moves", *fields)
    seen = await ada.get(f"/projects/{key}")
    undo = re.search(r'action="(/projects/[^"]+/moves\?[^"]+)"', seen.html)
    after = await columns(ada, f"/projects/{key}")
    await ada.post(undo[1], csrf=seen.hidden("csrf"), once=seen.hidden("once"), undo="1", next=f"/projects/{key}")

    assert (moved.status, moved.location) == (303, f"{back}#{task}")
    assert f"{task} is in Done now." in seen.text
    assert after["Done"] == [task]
    assert (await columns(ada, f"/projects/{key}"))["To do"] == [task]


async def test_a_move_that_is_refused_says_so_on_the_board(ada):
    key = await a_project(ada)
    known = await statuses(ada, key)
    task = await a_task(ada, key, "Order chairs")

    refused = await send(
        ada, f"/projects/{key}", f"/projects/{key}/moves", ("to", f"{task} {'0' * 8}{known['Done'][8:]}")
    )
    seen = await ada.get(f"/projects/{key}")

    assert (refused.status, refused.location) == (303, f"/projects/{key}")
    assert f"{task} was not moved." in seen.text
    assert "has no status" in seen.text


async def test_the_columns_are_read_anew_by_themselves(ada):
    key = await a_project(ada)
    task = await a_task(ada, key, "Order chairs", priority="high")
    await a_task(ada, key, "Call")

    seen = await ada.get(f"/projects/{key}/columns?priority=high")

    assert re.findall(r'<li class="ticket" id="([^"]+)" data-version="1"', seen.html) == [task]
    assert seen.html.count('<section class="column"') == 5
    assert "<html" not in seen.html
    assert f'data-from="/projects/{key}/columns?priority=high"' in seen.html


async def test_an_address_is_rid_of_fields_that_were_left_empty(ada):
    key = await a_project(ada)

    for view in ("", "/list", "/calendar"):
        seen = await ada.get(f"/projects/{key}{view}?q=&assignee=me&priority=")
        assert (seen.status, seen.location) == (303, f"/projects/{key}{view}?assignee=me")


async def test_what_is_no_move_is_refused(ada):
    key = await a_project(ada)

    seen = await send(ada, f"/projects/{key}", f"/projects/{key}/moves", ("to", "../users/me x"))

    assert seen.status == 422


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Late", "Now", "Far", "Never"}),
        ("?due=overdue", {"Late"}),
        ("?due=today", {"Now"}),
        ("?due=week", {"Now"}),
        ("?priority=high", {"Far"}),
        ("?assignee=me", {"Never"}),
        ("?q=lat", {"Late"}),
        ("?due=whenever&priority=extreme&assignee=nobody", {"Late", "Now", "Far", "Never"}),
    ],
)
async def test_filters_stand_in_the_address(site, ada, query, expected):
    key = await a_project(ada)
    me, _ = await identity(site, ada)
    today = datetime.now(UTC).date()
    await a_task(ada, key, "Late", due=str(today - timedelta(days=1)))
    await a_task(ada, key, "Now", due=str(today))
    await a_task(ada, key, "Far", due=str(today + timedelta(days=30)), priority="high")
    await a_task(ada, key, "Never", assignees=me)

    for view in ("", "/list"):
        html = (await ada.get(f"/projects/{key}{view}{query}")).html
        assert set(re.findall(r"Late|Now|Far|Never", html.split('class="filters"')[-1])) == expected, view


async def test_whoever_may_only_read_gets_no_forms(site, ada):
    key = await a_project(ada)
    task = await a_task(ada, key, "Order chairs")
    eve, _ = await a_member(site, ada, key, "viewer", display_name="Eve")

    seen = await eve.get(f"/projects/{key}?move={task}")

    assert "Order chairs" in seen.text
    assert "New task" not in seen.text
    assert 'name="to"' not in seen.html
    assert 'name="move"' not in seen.html
    assert (await eve.fill(f"/projects/{key}", f"/projects/{key}/tasks", title="Mine")).status == 403


async def test_a_strangers_project_is_not_there(site, ada, browser):
    key = await a_project(ada)
    await browser.register()

    for view in ("", "/list", "/calendar", "/tasks/new", "/settings", "/settings/statuses", "/settings/people"):
        assert (await browser.get(f"/projects/{key}{view}")).status == 404, view


async def test_an_address_that_no_project_can_have_leads_nowhere(ada):
    to = "/projects/%0d%0aX-Evil:%201/moves"

    assert (await ada.get("/projects/%0d%0aX-Evil:%201")).status == 404
    assert (await send(ada, "/projects", to, ("to", "OPS-1 " + "0" * 36))).status == 404


async def test_a_deadline_with_a_time_is_one_of_the_persons_zone(site, browser):
    bob = await browser.register(time_zone="Asia/Kolkata")
    key = await a_project(bob)

    await a_task(bob, key, "Call", due="2031-03-14", time="09:30")

    assert 'datetime="2031-03-14T04:00:00Z"' in (await bob.get(f"/projects/{key}")).html


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, 'id="title-error"'),
        ({"title": "Call", "time": "09:30"}, "Choose the day"),
        ({"title": "Call", "due": "2031-02-30", "time": "09:30"}, "Write it as a day"),
    ],
)
async def test_a_new_task_that_is_refused_keeps_what_was_typed(ada, fields, said):
    key = await a_project(ada)
    page = f"/projects/{key}/tasks/new"

    seen = await ada.fill(page, f"/projects/{key}/tasks", **fields, description="Long & dear")

    assert seen.status == 422
    assert said in seen.html
    assert "Long &amp; dear</textarea>" in seen.html


async def test_another_task_follows_with_the_same_status(ada):
    key = await a_project(ada)
    status = (await statuses(ada, key))["Backlog"]

    seen = await ada.fill(
        f"/projects/{key}/tasks/new", f"/projects/{key}/tasks", title="One", status_id=status, another="1"
    )

    assert seen.location.startswith(f"/projects/{key}/tasks/new?status={status}")
