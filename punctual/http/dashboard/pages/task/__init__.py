"""A task: what it says, whom it concerns, and everything that can be done to it."""

from punctual.http.dashboard.pages.task import comments, concerns, editing, showing

PAGES = [*showing.PAGES, *editing.PAGES, *comments.PAGES, *concerns.PAGES]
