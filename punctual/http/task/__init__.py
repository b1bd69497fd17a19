"""The task service: tasks, statuses, comments, history, watchers and reminders."""

from punctual.http import dead_letters, operations
from punctual.http.task import comments, reminders, statuses, tasks, watchers

ROUTES = [
    *tasks.ROUTES,
    *statuses.ROUTES,
    *comments.ROUTES,
    *watchers.ROUTES,
    *reminders.ROUTES,
    *operations.routes("task"),
    *dead_letters.routes("task"),
]
