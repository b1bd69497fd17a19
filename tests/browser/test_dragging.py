"""A card that is dragged arrives, whatever happens around it: others' changes, slow answers, a hand that is quick."""

from typing import Any

from tests.browser.pair import Pair, column_of, within


class Hand:
    """One card in the hand of the first of two people."""

    def __init__(self, page: Any, key: str) -> None:
        self.page, self.key = page, key
        here = column_of(page, key)
        self.column = page.locator(f'.column:not([data-status="{here}"])').first
        self.target = self.column.get_attribute("data-status")

    def take(self) -> None:
        """Up, and over the middle of the other column's head."""
        self.page.locator(f"#{self.key} .task-link").hover()
        self.page.mouse.down()
        box = self.column.locator("header").bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.locator(".ticket-dragged").wait_for()

    def arrived(self) -> None:
        within(self.page, lambda: column_of(self.page, self.key) == self.target, 10)
        self.page.get_by_role("status").filter(has_text=f"{self.key} is in").wait_for()
        assert self.page.locator(".ticket-dragged").count() == 0


def held_back(page: Any, address: str) -> list[Any]:
    """What scripts ask for at this address from now on; nothing is answered."""
    asked: list[Any] = []

    def hold(route: Any) -> None:
        if route.request.resource_type == "fetch":
            asked.append(route)
        else:
            route.continue_()

    page.route(address, hold)
    return asked


def test_a_change_that_was_asked_for_before_the_drag_does_not_disturb_it(pair: Pair):
    mine, theirs = pair.task(), pair.task()
    board = f"/projects/{pair.project}"
    # From the beginning: an earlier answer, asked for because of these two tasks, would bring the change, too. It may
    # be the whole page's, when the stream can't say what was missed.
    asked = held_back(pair.ada, f"**{board}**")
    pair.open(board)
    pair.api.patch(f"/api/v1/tasks/{theirs}", {"title": "Changed by Bob"})
    within(pair.ada, lambda: asked)
    hand = Hand(pair.ada, mine)

    hand.take()
    for route in asked:
        route.continue_()
    pair.ada.unroute(f"**{board}**")
    pair.ada.wait_for_timeout(500)
    pair.ada.mouse.up()

    hand.arrived()
    within(pair.ada, lambda: "Changed by Bob" in pair.ada.locator(f"#{theirs}").inner_text())


def test_what_is_exchanged_under_a_dragged_card_takes_it_all_the_same(pair: Pair):
    mine = pair.task()
    pair.open(f"/projects/{pair.project}")
    hand = Hand(pair.ada, mine)

    hand.take()
    pair.ada.evaluate("document.querySelectorAll('.column').forEach((one) => one.replaceWith(one.cloneNode(true)))")
    pair.ada.mouse.up()

    hand.arrived()


def test_between_two_columns_the_last_one_takes_it(pair: Pair):
    mine = pair.task()
    pair.open(f"/projects/{pair.project}")
    hand = Hand(pair.ada, mine)
    hand.take()
    box = hand.column.bounding_box()

    pair.ada.mouse.move(box["x"] - 5, box["y"] + 20)
    pair.ada.mouse.up()

    hand.arrived()


def test_the_second_card_need_not_wait_for_the_first(pair: Pair):
    first, second = pair.task(), pair.task()
    pair.open(f"/projects/{pair.project}")
    asked = held_back(pair.ada, "**/moves")
    hands = [Hand(pair.ada, first), Hand(pair.ada, second)]

    for hand in hands:
        hand.take()
        pair.ada.mouse.up()
        pair.ada.locator(".ticket-dragged").wait_for(state="detached")
    within(pair.ada, lambda: asked)
    asked[0].continue_()
    pair.ada.unroute("**/moves")

    for hand in hands:
        within(pair.bob, lambda hand=hand: column_of(pair.bob, hand.key) == hand.target, 10)
    hands[1].arrived()


def test_the_board_lives_on_after_a_card_was_put_back(pair: Pair):
    mine, theirs = pair.task(), pair.task()
    pair.open(f"/projects/{pair.project}")
    here = column_of(pair.ada, mine)

    pair.ada.locator(f"#{mine}").drag_to(pair.ada.locator(f"#{theirs}"))
    pair.api.patch(f"/api/v1/tasks/{theirs}", {"title": "Changed afterwards"})

    within(pair.ada, lambda: "Changed afterwards" in pair.ada.locator(f"#{theirs}").inner_text())
    assert column_of(pair.ada, mine) == here
