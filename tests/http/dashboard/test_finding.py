"""Search, and quick add: a line, its echo, and the task."""

from datetime import UTC, datetime, timedelta

from tests.http.dashboard.world import World, form_of


async def test_tasks_are_found_by_key_title_and_text(world):
    task = await world.task(title="Renew the certificate", description="It lies in the <b>cupboard</b> of the Müllers.")

    for sought in (task, task.lower(), "certif", "cupboard renew"):
        assert "Renew the certificate" in (await world.ada.get(f"/search?q={sought.replace(' ', '+')}")).text
    assert "&lt;b&gt;<mark>cupboard</mark>&lt;/b&gt; of" in (await world.ada.get("/search?q=cupboard")).html
    assert "Nothing found" in (await world.ada.get("/search?q=cupboard&state=closed")).text
    assert "Nothing found" in (await world.ada.get("/search?q=(.*")).text


async def test_a_search_without_words_says_what_it_can_find(ada):
    assert "Find any task" in (await ada.get("/search")).text


async def test_a_search_that_cannot_be_says_why(ada):
    seen = await ada.get("/search?q=" + "x" * 201)

    assert seen.status == 200
    assert "maximum length 200" in seen.text


async def test_a_line_is_shown_as_understood_and_then_created(world):
    line = f"Pay+rent+tomorrow+9:00+!high+@bob+%23{world.key}"
    echo = await world.ada.get(f"/quick-add?line={line}&next=/projects")
    before = (await world.call(world.ada, "GET", "task", f"/projects/{world.key}/tasks"))[1]["items"]
    made = await world.ada.post("/quick-add", **{**form_of(echo, 'id="draft"'), "assignees": await bob_of(world)})
    (task,) = (await world.call(world.ada, "GET", "task", f"/projects/{world.key}/tasks"))[1]["items"]

    for part in ("due", "priority", "assignee", "project"):
        assert f'class="echo-part echo-{part}"' in echo.html
    assert f'value="{await bob_of(world)}" checked' in echo.html
    assert (before, made.status, made.location) == ([], 303, "/projects")
    assert (task["title"], task["priority"], task["assignees"]) == ("Pay rent", "high", [await bob_of(world)])
    assert task["due"] == f"{datetime.now(UTC).date() + timedelta(days=1)}T09:00:00Z"


async def test_what_is_not_understood_is_said_and_can_be_corrected(world):
    echo = await world.ada.get("/quick-add?line=Pay+rent+!soon+@nobody")
    fields = form_of(echo, 'id="draft"')
    refused = await world.ada.post("/quick-add", **{**fields, "title": "Pay rent"})
    made = await world.ada.post("/quick-add", **{**form_of(refused, 'id="draft"'), "project": world.key})

    assert "There is no priority soon" in echo.text
    assert "Say which project it belongs to" in echo.text
    assert refused.status == 422
    assert "Choose the project" in refused.text
    assert made.status == 303
    assert "Pay rent" in (await world.ada.get("/projects")).text


async def test_a_task_made_by_a_line_is_taken_back(world):
    echo = await world.ada.get(f"/quick-add?line=Pay+rent&project={world.key}")
    await world.ada.post("/quick-add", **form_of(echo, 'id="draft"'))
    said = await world.ada.get("/")

    undone = await world.ada.post(f"/quick-add/{world.key}-1", **form_of(said, 'name="undo"'))

    assert undone.status == 303
    assert (await world.ada.get(f"/tasks/{world.key}-1")).status == 404


async def test_every_page_has_the_line_and_the_search(ada):
    for path in ("/", "/projects", "/inbox", "/search", "/quick-add"):
        seen = await ada.get(path)
        assert 'action="/quick-add"' in seen.html
        assert 'action="/search" role="search"' in seen.html


async def bob_of(world: World) -> str:
    return await world.id_of(world.bob)
