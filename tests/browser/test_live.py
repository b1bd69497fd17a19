"""Two people at the same time: what one does the other sees, at once, and is not disturbed by it."""

from tests.browser.pair import Pair, column_of, within


def test_two_on_one_board_see_each_others_changes_within_a_second(pair: Pair):
    key = pair.task()
    pair.open(f"/projects/{pair.project}")
    for mover, watcher in ((pair.ada, pair.bob), (pair.bob, pair.ada)):
        here = column_of(mover, key)
        to = mover.locator(f'.column:not([data-status="{here}"])').first
        target = to.get_attribute("data-status")

        mover.locator(f"#{key}").drag_to(to.locator("header"))

        within(watcher, lambda page=watcher, target=target: column_of(page, key) == target)
        within(mover, lambda page=mover, target=target: column_of(page, key) == target)
        mover.locator(".ticket-waiting").wait_for(state="detached")


def test_what_is_made_changed_and_deleted_by_the_api_shows_on_the_board(pair: Pair):
    pair.open(f"/projects/{pair.project}")

    key = pair.task(priority="low")
    within(pair.ada, lambda: pair.ada.locator(f"#{key}").count() == 1)
    pair.api.patch(f"/api/v1/tasks/{key}", {"title": "Renamed meanwhile"})
    within(pair.ada, lambda: "Renamed meanwhile" in pair.ada.locator(f"#{key}").inner_text())
    pair.api.patch(
        f"/api/v1/projects/{pair.project}/tasks", {"tasks": [key], "changes": {"priority": "urgent"}}, expect=200
    )
    within(pair.ada, lambda: pair.ada.locator(f"#{key} .priority-urgent").count() == 1)


def test_the_focus_and_a_drag_outlive_what_others_do(pair: Pair):
    mine, theirs = pair.task(), pair.task()
    pair.open(f"/projects/{pair.project}")
    link = pair.ada.locator(f"#{mine} .task-link")
    link.focus()

    pair.api.patch(f"/api/v1/tasks/{theirs}", {"title": "Changed by Bob"})
    within(pair.ada, lambda: "Changed by Bob" in pair.ada.locator(f"#{theirs}").inner_text())
    focused = pair.ada.evaluate("document.activeElement.getAttribute('href')")
    link.hover()
    pair.ada.mouse.down()
    pair.ada.mouse.move(300, 400, steps=5)
    pair.ada.locator(".ticket-dragged").wait_for()
    pair.api.patch(f"/api/v1/tasks/{theirs}", {"title": "Changed again"})
    pair.ada.wait_for_timeout(700)
    during = pair.ada.locator(".ticket-dragged").count()
    pair.ada.mouse.up()

    assert focused == f"/tasks/{mine}"
    assert during == 1
    within(pair.ada, lambda: "Changed again" in pair.ada.locator(f"#{theirs}").inner_text())


def test_a_task_that_is_read_says_who_changed_it(pair: Pair):
    key = pair.task()
    pair.open(f"/tasks/{key}")

    pair.api.patch(f"/api/v1/tasks/{key}", {"priority": "urgent"})

    within(pair.ada, lambda: pair.ada.locator("#priority").input_value() == "urgent")
    pair.ada.get_by_role("status").filter(has_text="the priority").wait_for()


def test_what_is_being_typed_stays_when_somebody_changes_the_task(pair: Pair):
    key = pair.task()
    pair.open(f"/tasks/{key}")
    pair.ada.locator("#edit > summary").click()
    pair.ada.get_by_label("Title").fill("What Ada types")

    pair.api.patch(f"/api/v1/tasks/{key}", {"title": "What Bob wants", "priority": "high"})

    pair.ada.get_by_role("status").get_by_role("link", name="Load it").wait_for()
    assert pair.ada.get_by_label("Title").input_value() == "What Ada types"
    assert pair.ada.locator("#priority").input_value() == "high"


def test_a_name_is_completed_by_keyboard(pair: Pair):
    key = pair.task()
    pair.open(f"/tasks/{key}")
    names = pair.ada.locator("#names option").evaluate_all("all => all.map(({value, label}) => [value, label])")
    handle, name = names[0]
    comment = pair.ada.get_by_label("Comment", exact=False).last

    comment.press_sequentially(f"Look, @{handle[:3].lower()}")
    pair.ada.get_by_role("group", name="People").get_by_role("button", name=name).wait_for()
    while pair.ada.evaluate("document.activeElement.textContent") != name:
        pair.ada.keyboard.press("ArrowDown")
    pair.ada.keyboard.press("Enter")

    assert comment.input_value() == f"Look, @{handle} "
    assert pair.ada.evaluate("document.activeElement.name") == "text"
    assert pair.ada.get_by_role("group", name="People").count() == 0
