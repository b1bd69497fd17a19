"""The pages, one module for each part of the site."""

from punctual.http.dashboard.pages import (
    account,
    administration,
    appearance,
    completion,
    inbox,
    missing,
    my_work,
    operations,
    palette,
    passwords,
    project,
    projects,
    quick_add,
    search,
    settings,
    sign_in,
    task,
    unsubscribing,
)

PAGES = [
    *sign_in.PAGES,
    *account.PAGES,
    *passwords.PAGES,
    *unsubscribing.PAGES,
    *my_work.PAGES,
    *completion.PAGES,
    *task.PAGES,
    *inbox.PAGES,
    *search.PAGES,
    *quick_add.PAGES,
    *projects.PAGES,
    *project.PAGES,
    *operations.PAGES,
    *appearance.PAGES,
    *settings.PAGES,
    *administration.PAGES,
    *palette.PAGES,
    # Takes whatever is left, so it stays the last.
    *missing.PAGES,
]
