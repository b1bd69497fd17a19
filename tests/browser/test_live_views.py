"""What is live besides the board's cards: the list, the calendar, comments and statuses."""

import time
from typing import Any

from tests.browser.pair import Pair, within
from tests.flows.client import until


def test_two_on_one_list_see_each_others_changes(pair: Pair):
    key, other = pair.task(), pair.task()
    pair.open(f"/projects/{pair.project}/list")
    pair.ada.get_by_label(f"Choose {other}").check()

    pair.api.patch(f"/api/v1/tasks/{key}", {"title": "Renamed on the list"})
    within(pair.ada, lambda: "Renamed on the list" in pair.ada.locator(f"#{key}").inner_text())
    ticked = pair.ada.get_by_label(f"Choose {other}").is_checked()
    made = pair.task()
    within(pair.ada, lambda: pair.ada.locator(f"#{made}").count() == 1)
    pair.ada.get_by_label("Priority", exact=True).last.select_option("urgent")
    pair.ada.get_by_role("button", name="Change", exact=True).click()
    within(pair.bob, lambda: pair.bob.locator(f"#{other} .priority-urgent").count() == 1)
    pair.api.put(f"/api/v1/tasks/{made}/completion")
    within(pair.ada, lambda: pair.ada.locator(f"#{made}").count() == 0)

    assert ticked


def test_two_on_one_calendar_see_each_others_changes(pair: Pair):
    key = pair.task(due="2031-05-06")
    pair.open(f"/projects/{pair.project}/calendar?month=2031-05")
    day = pair.ada.locator(".day", has=pair.ada.locator(f"#{key}"))
    assert "6" in day.inner_text()

    pair.api.patch(f"/api/v1/tasks/{key}", {"due": "2031-05-09"})
    within(pair.ada, lambda: "9" in day.locator(".day-figure").inner_text())
    pair.api.patch(f"/api/v1/tasks/{key}", {"due": "2031-07-09"})
    within(pair.ada, lambda: pair.ada.locator(f"#{key}").count() == 0)
    made = pair.task(due="2031-05-12")
    within(pair.ada, lambda: pair.ada.locator(f"#{made}").count() == 1)


def test_an_empty_list_and_month_fill_when_somebody_adds_a_task(pair: Pair):
    words = f"filter{time.monotonic_ns()}"
    for path in (f"/list?q={words}", f"/calendar?month=2031-11&q={words}"):
        pair.open(f"/projects/{pair.project}{path}")
        assert pair.ada.locator(".task-link, .day-task").count() == 0

        made = pair.task(title=f"One {words}", due="2031-11-05")

        within(pair.ada, lambda made=made: pair.ada.locator(f"#{made}").is_visible())
        pair.api.delete(f"/api/v1/tasks/{made}")
        within(pair.ada, lambda made=made: pair.ada.locator(f"#{made}").count() == 0)


def test_what_becomes_of_a_comment_shows_on_the_task(pair: Pair):
    key = pair.task()
    path = f"/api/v1/tasks/{key}/comments"
    comment = pair.api.post(path, {"text": "Said at first"})
    pair.open(f"/tasks/{key}")

    pair.api.patch(f"{path}/{comment['id']}", {"text": "Said otherwise"})
    within(pair.ada, lambda: pair.ada.locator(".comment", has_text="Said otherwise").count() == 1)
    pair.ada.get_by_role("status").filter(has_text="edited a comment").wait_for()
    pair.api.delete(f"{path}/{comment['id']}")
    within(pair.ada, lambda: pair.ada.locator(".comment").count() == 0)
    pair.ada.locator(".deed", has_text="deleted a comment").wait_for()


def test_what_becomes_of_a_status_shows_on_the_board(pair: Pair):
    role = "UPDATE member SET role = 'admin' FROM person WHERE person.user_id = member.user_id AND email = %s"
    pair.stack.sql("task", f"{role} AND role <> 'owner'", (pair.emails[1],))
    path = f"/api/v1/projects/{pair.project}/statuses"
    pair.open(f"/projects/{pair.project}")
    name = f"Review {time.monotonic_ns()}"

    made = pair.api.post(path, {"name": name, "category": "in_progress"})
    within(pair.ada, lambda: pair.ada.get_by_role("heading", name=name).count() == 1)
    pair.api.patch(f"{path}/{made['id']}", {"name": f"{name} anew", "position": 0})
    within(pair.ada, lambda: pair.ada.locator(".column-head").first.inner_text().startswith(f"{name} anew"))
    option = f'#new-status option[value="{made["id"]}"]'
    within(pair.ada, lambda: pair.ada.locator(option).text_content() == f"{name} anew")
    pair.api.delete(f"{path}/{made['id']}")
    within(pair.ada, lambda: pair.ada.get_by_role("heading", name=name).count() == 0)
    assert pair.ada.locator(option).count() == 0


def test_what_happens_while_a_page_is_on_its_way_shows_on_it(pair: Pair):
    for path, due in (("/list", "1971-01-01"), ("/calendar?month=2031-05", "2031-05-06"), ("", "1971-01-01")):
        key = pair.task(due=due)
        title = f"Renamed {time.monotonic_ns()}"

        def change(route: Any, *, key: str = key, title: str = title) -> None:
            # The page has been read, its stream hasn't begun.
            pair.api.patch(f"/api/v1/tasks/{key}", {"title": title})
            until(lambda: not pair.stack.sql("task", "SELECT id FROM outbox"))
            route.continue_()

        pair.ada.route("**/live?*", change, times=1)
        pair.ada.goto(f"/projects/{pair.project}{path}")

        within(pair.ada, lambda key=key, title=title: title in pair.ada.locator(f"#{key}").inner_text())
