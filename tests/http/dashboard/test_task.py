"""The page of a task: its fields, comments, people and reminders."""

from datetime import UTC, datetime, timedelta

from tests.http.dashboard.world import form_of


async def test_every_field_is_changed_where_it_stands(world):
    task = await world.task(description="Old")
    page = await world.ada.get(f"/tasks/{task}")
    text = {**form_of(page, 'name="title"'), "title": "Renew it", "description": "A *new* one"}
    facts = {**form_of(page, 'id="facts"'), "priority": "high", "due_day": "2031-03-14", "due_time": "09:30"}

    saved = [await world.ada.post(f"/tasks/{task}", **fields) for fields in (text, facts)]

    assert [(one.status, one.location) for one in saved] == [(303, f"/tasks/{task}")] * 2
    _, now = await world.call(world.ada, "GET", "task", f"/tasks/{task}")
    assert (now["title"], now["description"], now["priority"]) == ("Renew it", "A *new* one", "high")
    assert now["due"] == "2031-03-14T09:30:00Z"
    assert "<em>new</em>" in (await world.ada.get(f"/tasks/{task}")).html


async def test_a_time_needs_its_day_and_what_was_typed_stays(world):
    task = await world.task()
    facts = form_of(await world.ada.get(f"/tasks/{task}"), 'id="facts"')

    seen = await world.ada.post(f"/tasks/{task}", **{**facts, "priority": "low", "due_time": "09:30"})

    assert seen.status == 422
    assert "A time needs its day" in seen.text
    assert 'value="low" selected' in seen.html


async def test_a_preview_saves_nothing(world):
    task = await world.task()
    text = form_of(await world.ada.get(f"/tasks/{task}"), 'name="title"')

    seen = await world.ada.post(f"/tasks/{task}", **{**text, "description": "**so**<script>", "preview": "1"})

    assert "<strong>so</strong>&lt;script&gt;" in seen.html
    assert (await world.call(world.ada, "GET", "task", f"/tasks/{task}"))[1]["description"] == ""


async def test_comments_are_made_changed_and_deleted(world):
    task = await world.task()
    said = await world.ada.fill(f"/tasks/{task}", f"/tasks/{task}/comments", text="Look, @bob: *here*")
    page = await world.ada.get(f"/tasks/{task}")
    comment = said.location.rpartition("#comment-")[2]
    own = form_of(page, "Your comment")
    changed = await world.ada.post(f"/tasks/{task}/comments/{comment}", **{**own, "text": "Look there"})
    stale = await world.ada.post(f"/tasks/{task}/comments/{comment}", **{**own, "text": "Look elsewhere"})
    others = await world.bob.fill(f"/tasks/{task}", f"/tasks/{task}/comments/{comment}", delete="1")
    gone = await world.ada.fill(f"/tasks/{task}", f"/tasks/{task}/comments/{comment}", delete="1")

    assert "Mentions Bob Miller" in page.text
    assert "<em>here</em>" in page.html
    assert (changed.status, stale.status, others.status, gone.status) == (303, 412, 403, 303)
    assert "Look elsewhere</textarea>" in stale.html
    assert "reads now: “Look there”" in stale.text
    assert "Look" not in (await world.ada.get(f"/tasks/{task}")).text


async def test_an_empty_comment_says_so_at_its_field(world):
    task = await world.task()

    seen = await world.ada.fill(f"/tasks/{task}", f"/tasks/{task}/comments", text="")

    assert seen.status == 422
    assert 'id="text-error"' in seen.html


async def test_history_is_told_in_sentences(world):
    task = await world.task(title="First")
    bob = await world.id_of(world.bob)
    await world.change(world.bob, task, title="Second", due="2031-03-14", assignees=[bob])
    await world.ada.fill(f"/tasks/{task}", f"/tasks/{task}/completion")

    told = (await world.ada.get(f"/tasks/{task}")).text

    for sentence in (
        "Ada created this task",
        "Bob Miller renamed it from “First” to “Second”",
        "Bob Miller took it on",
        "Bob Miller set the deadline to Friday, March 14, 2031",
        "Ada completed it: To do → Done",
    ):
        assert sentence in told


async def test_people_are_assigned_taken_off_and_watch(world):
    task, bob = await world.task(), await world.id_of(world.bob)
    address = f"/tasks/{task}"
    await world.ada.fill(address, f"{address}/assignees", user_id=bob)
    assigned = await world.ada.get(address)
    await world.ada.fill(address, f"{address}/assignees", remove=bob)
    await world.bob.fill(address, f"{address}/watching")
    watching = await world.bob.get(address)
    await world.bob.fill(address, f"{address}/watching", undo="1")

    assert 'aria-label="Take Bob Miller off"' in assigned.html
    assert "Take Bob Miller off" not in watching.html
    assert "Stop watching" in watching.text
    assert "Stop watching" not in (await world.bob.get(address)).text


async def test_reminders_say_who_is_reminded_when_and_follow_ones_own_rules(world):
    ada = await world.id_of(world.ada)
    task = await world.task(due=str(datetime.now(UTC).date() + timedelta(days=30)), assignees=[ada])
    address = f"/tasks/{task}"
    before = await world.ada.get(address)
    kept = await world.ada.fill(address, f"{address}/reminders", rule="-P1D", count="2", unit="weeks", side="before")
    after = await world.ada.get(address)
    await world.ada.fill(address, f"{address}/reminders", general="1")

    assert "1 hour before the deadline planned" in before.text
    assert kept.status == 303
    assert (after.text.count(" planned "), "14 days before the deadline planned" in after.text) == (2, True)
    assert "my general rules" in (await world.ada.get(address)).text


async def test_a_rule_that_cannot_be_is_refused_where_it_was_made(world):
    task = await world.task(due="2031-03-14", assignees=[await world.id_of(world.ada)])

    seen = await world.ada.fill(f"/tasks/{task}", f"/tasks/{task}/reminders", count="900", unit="days", side="before")

    assert seen.status == 422
    assert "at most 365 days" in seen.text


async def test_an_amount_that_is_no_number_is_refused_and_nothing_is_set(world):
    task = await world.task(due="2031-03-14", assignees=[await world.id_of(world.ada)])
    address = f"/tasks/{task}"

    seen = await world.ada.fill(address, f"{address}/reminders", count="two", unit="days", side="before")

    assert seen.status == 422
    assert "Give a whole number" in seen.text
    assert "own rules" not in (await world.ada.get(address)).text


async def test_a_task_is_deleted_and_its_page_is_gone(world):
    task = await world.task()

    seen = await world.ada.fill(f"/tasks/{task}", f"/tasks/{task}/deletion")

    assert (seen.status, seen.location) == (303, f"/projects/{world.key}")
    assert (await world.ada.get(f"/tasks/{task}")).status == 404


async def test_a_task_of_others_is_nowhere(world, site):
    task = await world.task()
    eve = await (await site.browser()).register()

    assert (await eve.get(f"/tasks/{task}")).status == 404


async def test_a_task_is_shown_without_what_cannot_be_had(world, site):
    task = await world.task(due="2031-03-14")
    gone = "http://127.0.0.1:1"
    away = await site.browser(await site.start(project=gone, notification=gone), world.ada.cookies())

    seen = await away.get(f"/tasks/{task}")

    assert seen.status == 200
    assert "Renew the certificate" in seen.text
