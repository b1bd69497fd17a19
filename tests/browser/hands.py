"""A person at a page: by mouse, or by keyboard alone. What is meant is named as it is heard and read."""

from typing import Any

MOST_STEPS = 400


class Mouse:
    """Clicks and types."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, element: Any) -> None:
        """A link, a button, a box."""
        element.click()

    def fill(self, label: str, text: str) -> None:
        """A field, emptied before."""
        self.page.get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        """One of a list."""
        self.page.get_by_label(label, exact=True).first.select_option(label=option)

    def move(self, card: Any, column: str) -> None:
        """A card into a column."""
        card.drag_to(self.page.get_by_role("heading", name=column))


class Form(Mouse):
    """The same where there are no scripts: a card moves by the form on it."""

    def move(self, card: Any, column: str) -> None:
        card.hover()
        card.get_by_role("button", name="Move").click()
        self.page.get_by_role("dialog").get_by_role("button", name=column).click()


class Keyboard(Mouse):
    """Tab, arrows, letters and Enter: the mouse isn't touched."""

    def press(self, element: Any) -> None:
        self._reach(element)
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self._reach(self.page.get_by_label(label, exact=True).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        self._reach(self.page.get_by_label(label, exact=True).first)
        self.page.keyboard.type(option)
        self.page.keyboard.press("Tab")

    def move(self, card: Any, column: str) -> None:
        self._reach(card.get_by_role("link"))
        self.page.keyboard.press("m")
        self.press(self.page.get_by_role("dialog").get_by_role("button", name=column))

    def _reach(self, element: Any) -> None:
        """Tab until the focus is there, as often as it takes."""
        for _ in range(MOST_STEPS):
            if element.count() and element.first.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard doesn't lead to {element}")
