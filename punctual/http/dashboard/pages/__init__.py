"""The pages, one module for each part of the site."""

from punctual.http.dashboard.pages import (
    account,
    appearance,
    completion,
    missing,
    my_work,
    operations,
    passwords,
    project,
    projects,
    sign_in,
)

PAGES = [
    *sign_in.PAGES,
    *account.PAGES,
    *passwords.PAGES,
    *my_work.PAGES,
    *completion.PAGES,
    *projects.PAGES,
    *project.PAGES,
    *operations.PAGES,
    *appearance.PAGES,
    # Takes whatever is left, so it stays the last.
    *missing.PAGES,
]
