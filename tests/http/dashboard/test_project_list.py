"""A project as a list, with changes of many tasks at once, and as a calendar."""

import re

from tests.http.dashboard.projects import a_member, a_project, a_task, columns, send, statuses


async def test_a_list_is_sorted_by_its_heads(ada):
    key = await a_project(ada)
    await a_task(ada, key, "Alpha", priority="low", due="2031-01-01")
    await a_task(ada, key, "Beta", priority="urgent")

    by_due = (await ada.get(f"/projects/{key}/list")).html
    by_priority = (await ada.get(f"/projects/{key}/list?sort=-priority")).html

    assert by_due.index(">Alpha<") < by_due.index(">Beta<")
    assert by_priority.index(">Beta<") < by_priority.index(">Alpha<")
    assert 'aria-sort="ascending">Due' in by_due
    assert 'href="?sort=-priority"' in by_due


async def test_a_list_shows_open_tasks_unless_asked_otherwise(ada):
    key = await a_project(ada)
    known = await statuses(ada, key)
    await a_task(ada, key, "Alpha")
    await a_task(ada, key, "Beta", status_id=known["Done"])

    shown = {
        query: re.findall(r">(Alpha|Beta)</a>", (await ada.get(f"/projects/{key}/list{query}")).html)
        for query in ("", "?status=closed", "?status=all", f"?status={known['Done']}")
    }

    assert shown[""] == ["Alpha"]
    assert shown["?status=closed"] == shown[f"?status={known['Done']}"] == ["Beta"]
    assert sorted(shown["?status=all"]) == ["Alpha", "Beta"]


async def test_many_tasks_change_alike_and_what_was_refused_is_told(site, ada):
    key = await a_project(ada)
    known = await statuses(ada, key)
    _, bob = await a_member(site, ada, key, "member", display_name="Bob")
    one, two = await a_task(ada, key, "Alpha", due="2031-01-01"), await a_task(ada, key, "Beta", priority="high")
    page = f"/projects/{key}/list?sort=-priority"

    seen = await send(
        ada, page, f"/projects/{key}/list", ("tasks", one), ("tasks", two), ("tasks", f"{key}-99"),
        ("status_id", known["In progress"]), ("priority", "high"), ("assign", bob), ("no_due", "1"), ("next", page),
    )  # fmt: skip
    after = await ada.get(page)

    assert (seen.status, seen.location) == (303, page)
    assert f"2 tasks changed, 1 refused. {key}-99: There is no task {key}-99." in after.text
    assert (await columns(ada, f"/projects/{key}"))["In progress"] == [one, two]
    assert after.text.count("Assigned to Bob") == 2
    assert "2031-01-01" not in after.html


async def test_a_change_of_many_that_is_refused_keeps_what_was_chosen(ada):
    key = await a_project(ada)
    one, two = await a_task(ada, key, "Alpha"), await a_task(ada, key, "Beta")
    page = f"/projects/{key}/list"

    nothing = await send(ada, page, page, ("tasks", one), ("next", page))
    wrong = await send(ada, page, page, ("tasks", one), ("due", "2031-02-30"), ("priority", "high"), ("next", page))

    for seen in (nothing, wrong):
        assert seen.status == 422
        assert f'value="{one}" checked' in seen.html
        assert f'value="{two}" checked' not in seen.html
    assert "Choose what becomes of them" in nothing.text
    assert 'value="2031-02-30"' in wrong.html
    assert "<option selected>high" in wrong.html


async def test_a_calendar_shows_a_month_and_its_neighbours(site, browser):
    bob = await browser.register(time_zone="Asia/Kolkata")
    key = await a_project(bob)
    await a_task(bob, key, "On the day", due="2031-03-14")
    # Late in the evening of the 13th in London, already the 14th in Kolkata.
    await a_task(bob, key, "At night", due="2031-03-14", time="00:30")
    await a_task(bob, key, "Next month", due="2031-04-20")

    seen = await bob.get(f"/projects/{key}/calendar?month=2031-03")
    day = next(cell for cell in seen.html.split("<td ") if "new?due=2031-03-14" in cell)

    assert "March 2031" in seen.text
    assert "2 due" in seen.text
    assert "On the day" in day
    assert "At night" in day
    assert "Next month" not in seen.text
    assert 'href="?month=2031-02"' in seen.html
    assert "Next month" in (await bob.get(f"/projects/{key}/calendar?month=2031-04")).text


async def test_a_month_that_is_none_is_this_one(ada):
    key = await a_project(ada)
    plain = await ada.get(f"/projects/{key}/calendar")

    for month in ("2031-13", "0001-01", "9999-12", "x"):
        seen = await ada.get(f"/projects/{key}/calendar?month={month}")
        assert (seen.status, seen.text.count("Nothing is due")) == (200, plain.text.count("Nothing is due")), month


async def test_a_calendar_of_the_first_and_the_last_year_stands(ada):
    key = await a_project(ada)

    for month in ("1971-01", "9997-12"):
        assert (await ada.get(f"/projects/{key}/calendar?month={month}")).status == 200
