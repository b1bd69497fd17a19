"""The pages, one module for each part of the site."""

from punctual.http.dashboard.pages import (
    account,
    administration,
    appearance,
    completion,
    missing,
    my_work,
    operations,
    palette,
    passwords,
    projects,
    settings,
    sign_in,
)

PAGES = [
    *sign_in.PAGES,
    *account.PAGES,
    *passwords.PAGES,
    *my_work.PAGES,
    *completion.PAGES,
    *projects.PAGES,
    *operations.PAGES,
    *appearance.PAGES,
    *settings.PAGES,
    *administration.PAGES,
    *palette.PAGES,
    # Takes whatever is left, so it stays the last.
    *missing.PAGES,
]
