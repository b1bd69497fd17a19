"""One project: as board, list and calendar, a new task in it, and its settings."""

from punctual.http.dashboard.pages.project import (
    board,
    calendar,
    creation,
    listing,
    people,
    settings,
    statuses,
)

PAGES = [
    *board.PAGES,
    *listing.PAGES,
    *calendar.PAGES,
    *creation.PAGES,
    *settings.PAGES,
    *statuses.PAGES,
    *people.PAGES,
]
