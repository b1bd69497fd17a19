"""Two people who change one task at once."""

from tests.http.dashboard.world import form_of


async def test_the_second_to_save_sees_what_changed_and_takes_either(world):
    task = await world.task(title="First")
    text = form_of(await world.ada.get(f"/tasks/{task}"), 'name="title"')
    await world.change(world.bob, task, title="Bob's", priority="urgent")

    seen = await world.ada.post(f"/tasks/{task}", **{**text, "title": "Ada's", "description": "More"})
    choice = form_of(seen, 'name="take_title"')
    theirs = await world.ada.post(f"/tasks/{task}", **{**choice, "take_title": "theirs"})

    assert seen.status == 412
    assert "Bob Miller renamed it from “First” to “Bob's”" in seen.text
    assert choice["title"] == "Ada's"
    assert theirs.status == 303
    _, now = await world.call(world.ada, "GET", "task", f"/tasks/{task}")
    assert (now["title"], now["description"], now["priority"]) == ("Bob's", "More", "urgent")


async def test_ones_own_can_be_taken_too(world):
    task = await world.task(title="First")
    text = form_of(await world.ada.get(f"/tasks/{task}"), 'name="title"')
    await world.change(world.bob, task, title="Bob's")
    seen = await world.ada.post(f"/tasks/{task}", **{**text, "title": "Ada's"})

    await world.ada.post(f"/tasks/{task}", **form_of(seen, 'name="take_title"'))

    assert (await world.call(world.ada, "GET", "task", f"/tasks/{task}"))[1]["title"] == "Ada's"


async def test_changes_of_other_fields_meet_without_a_question(world):
    task = await world.task(title="First")
    text = form_of(await world.ada.get(f"/tasks/{task}"), 'name="title"')
    await world.change(world.bob, task, priority="urgent")

    saved = await world.ada.post(f"/tasks/{task}", **{**text, "title": "Ada's"})

    assert saved.status == 303
    assert "Saved. In between: Bob Miller set the priority to urgent." in (await world.ada.get(f"/tasks/{task}")).text
    _, now = await world.call(world.ada, "GET", "task", f"/tasks/{task}")
    assert (now["title"], now["priority"]) == ("Ada's", "urgent")
